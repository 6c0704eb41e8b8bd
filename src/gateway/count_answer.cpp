#include "gateway/count_answer.h"

#include "json/writer.h"

namespace ccr::gateway {

std::string count_body(Protocol client, std::int64_t tokens) {
    std::string body;
    json::Writer w(body);
    w.open_object();
    // OpenAI's API reference, "Get input token counts".
    if (client == Protocol::openai_responses) w.member("object", "response.input_tokens");
    w.member(client == Protocol::gemini ? "totalTokens" : "input_tokens", tokens).close_object();
    return body;
}

json::View counted_request(Protocol client, json::View body) {
    if (client != Protocol::gemini) return body;
    const json::View nested = body["generateContentRequest"];
    return nested.is_object() ? nested : body;
}

}  // namespace ccr::gateway
