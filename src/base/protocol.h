// The wire protocols that ccr speaks, as names only. What each looks like is in wire/<protocol>/.
#pragma once

#include <cstdint>
#include <string_view>

namespace ccr {

enum class Protocol : std::uint8_t { anthropic, openai_chat, openai_responses, gemini };

/// Short stable name, used in logs and state: "anthropic", "chat", "responses", "gemini".
constexpr std::string_view name_of(Protocol protocol) {
    switch (protocol) {
        case Protocol::anthropic:
            return "anthropic";
        case Protocol::openai_chat:
            return "chat";
        case Protocol::openai_responses:
            return "responses";
        case Protocol::gemini:
            return "gemini";
    }
    return "unknown";
}

}  // namespace ccr
