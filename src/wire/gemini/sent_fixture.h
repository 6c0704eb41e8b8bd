// What a Gemini provider is sent for a request. For tests; header only.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "wire/relay_fixture.h"

namespace ccr::wire {

using Json = nlohmann::json;

inline constexpr std::string_view kBase =
    "https://generativelanguage.googleapis.com/v1beta/models/";

inline Target target(std::string_view model) {
    return {"google", model, kBase, "key", true};
}
inline const Codec& gemini() {
    return *codec_of(Protocol::gemini);
}

struct Sent {
    Json body;
    std::string losses;
};

inline Sent sent(Protocol from, std::string text, std::string_view model = "gemini-3.8-pro") {
    const DecodedRequest request(*codec_of(from), std::move(text));
    if (!request.conversation) {
        ADD_FAILURE() << request.conversation.error().message;
        return {};
    }
    const Encoded encoded = gemini().encode_request(*request.conversation, target(model));
    Sent out{Json::parse(encoded.body), {}};
    for (const chat::Loss& loss : encoded.losses)
        out.losses += fmt::format("{}: {} ({})\n", loss.where, loss.what, loss.why);
    return out;
}
inline Sent from_messages(const std::string& members, std::string_view model = "gemini-3.8-pro") {
    return sent(Protocol::anthropic, R"({"model":"m","max_tokens":100,)" + members + "}", model);
}

}  // namespace ccr::wire
