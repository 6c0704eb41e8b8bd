#include "wire/openai_responses/provider_side.h"

namespace ccr::wire::openai_responses {

Endpoint endpoint(const Target& target) {
    Endpoint out;
    out.url = target.base_url;
    out.headers.add("content-type", "application/json");
    out.headers.add("accept", target.stream ? "text/event-stream" : "application/json");
    if (!target.api_key.empty())
        out.headers.add("authorization", "Bearer " + std::string(target.api_key));
    return out;
}

}  // namespace ccr::wire::openai_responses
