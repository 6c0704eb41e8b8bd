// Where Chat providers take cache marks on tools: OpenRouter (ChatFunctionTool: cache_control) and
// AIHubMix ("Prompt Caching": in system, user and tools). Neither has a place for them on calls.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapt/native.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::adapt {
namespace {

constexpr auto kProviders = std::to_array<std::string_view>({"openrouter", "aihubmix"});
constexpr std::string_view kEveryTool = "/tools/*/cache_control";

// What of a mark those providers know: its kind and how long it lasts.
std::string plain_mark(std::string_view mark) {
    std::string out;
    json::Writer w(out);
    w.open_object().member("type", "ephemeral");
    json::Document document;
    const auto root = document.parse(mark);
    if (root && (*root)["ttl"].is_string()) w.member("ttl", (*root)["ttl"].text());
    w.close_object();
    return out;
}

class ToolMarks final : public Adapter {
  public:
    void request(chat::Conversation& c, RequestNotes& notes) override {
        std::size_t index = 0;  // among the tools that are sent
        for (chat::Tool& tool : c.tools) {
            const bool is_ours =
                tool.server_type.empty() || tool.extras.from == Protocol::openai_chat;
            if (tool.placeholder || !is_ours) continue;
            if (!tool.cache.empty()) {
                notes.patches.push_back(json::set_value(
                    fmt::format("/tools/{}/cache_control", index), plain_mark(tool.cache)));
                tool.cache = {};
            }
            ++index;
        }
    }
};

}  // namespace

std::unique_ptr<Adapter> tool_marks(const Situation& s, const json::Patches& patches) {
    const config::Preset* preset = s.provider.preset;
    const bool taken = s.speaks == Protocol::openai_chat && !s.same_protocol && preset &&
                       s.traits.cache_marks == true &&
                       std::ranges::find(kProviders, preset->name) != kProviders.end();
    const bool unwanted = std::ranges::any_of(
        patches, [](const json::WirePatch& patch) { return patch.pointer == kEveryTool; });
    const bool any = std::ranges::any_of(
        s.conversation.tools, [](const chat::Tool& tool) { return !tool.cache.empty(); });
    return taken && any && !unwanted ? std::make_unique<ToolMarks>() : nullptr;
}

}  // namespace ccr::adapt
