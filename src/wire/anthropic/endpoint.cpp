// Where Messages requests go and how they are signed (docs: API overview, "Authentication").
#include "wire/anthropic/reply.h"

namespace ccr::wire::anthropic {

Endpoint endpoint(const Target& target) {
    Endpoint out;
    out.url = target.base_url;
    out.headers.add("content-type", "application/json");
    out.headers.add("accept", target.stream ? "text/event-stream" : "application/json");
    if (!target.api_key.empty()) {
        out.headers.add("x-api-key", std::string(target.api_key));
    }
    out.headers.add("anthropic-version", "2023-06-01");
    return out;
}

}  // namespace ccr::wire::anthropic
