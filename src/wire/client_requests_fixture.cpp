#include "wire/client_requests_fixture.h"

#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

constexpr auto kClients = std::to_array<ClientRequests>({
    {"claude-code", "claude-code", "", Protocol::anthropic},
    {"codex", "codex", "", Protocol::openai_responses},
    {"gemini-cli", "gemini", "", Protocol::gemini},
    {"opencode-chat", "opencode", "chat-", Protocol::openai_chat},
    {"opencode-gemini", "opencode", "gemini-", Protocol::gemini},
    {"opencode-responses", "opencode-responses", "", Protocol::openai_responses},
});

constexpr Target kGoogle{"google", "gemini-3.8-pro", "https://google.example/v1beta/models/", "key",
                         true};

}  // namespace

Target test_target(Protocol protocol) {
    return protocol == Protocol::gemini ? kGoogle : kTestTarget;
}

std::string_view short_name(Protocol protocol) {
    return protocol == Protocol::anthropic ? "messages" : name_of(protocol);
}

std::span<const ClientRequests> client_requests() {
    return kClients;
}

std::vector<RecordedRequest> recorded_requests(const ClientRequests& client) {
    std::vector<RecordedRequest> out;
    for (const auto& path : test_files(fmt::format("fixtures/{}", client.folder), ".json")) {
        const std::string stem = stem_of(path);
        if (!stem.starts_with(client.prefix)) continue;
        if (std::string body = recorded_body(path); !body.empty())
            out.push_back({stem.substr(client.prefix.size()), std::move(body)});
    }
    return out;
}

}  // namespace ccr::wire
