// A client's search of the web by its own provider, as the search that this provider runs: what the
// preset says of it stands in for a tool that only another protocol knows.
#include <fmt/format.h>

#include <algorithm>

#include "adapt/native.h"

namespace ccr::adapt {
namespace {

using json::Text;

constexpr std::string_view kAsTool = "/tools/-";  // the value takes the tool's place

bool is_foreign_search(const chat::Tool& tool) {
    if (tool.extras.from == Protocol::openai_chat) return false;
    return tool.server_type.escaped().starts_with("web_search") ||
           tool.server_type.equals("googleSearch");
}

class ProviderSearch final : public Adapter {
  public:
    explicit ProviderSearch(const json::Patches& patches) : patches_(patches) {}

    void request(chat::Conversation& c, RequestNotes& notes) override {
        std::string_view twin;
        for (const json::WirePatch& patch : patches_) {
            if (patch.pointer == kAsTool)
                twin = patch.value;
            else
                notes.patches.push_back(patch);
        }
        for (std::size_t i = 0; i < c.tools.size(); ++i) {
            chat::Tool& tool = c.tools[i];
            if (!is_foreign_search(tool)) continue;
            for (const auto& [key, raw] : tool.extras.members)
                notes.losses.push_back({fmt::format("tools.{}", i), key.decode(),
                                        "the provider's own search is asked for as it is"});
            // A choice among functions cannot name it; a model that is given it searches.
            if (c.tool_choice && c.tool_choice->name == tool.name) c.tool_choice.reset();
            tool.extras = {Protocol::openai_chat, {}};
            tool.raw = twin;
            tool.server_type = Text::literal("web_search");
        }
        if (twin.empty())
            std::erase_if(c.tools, [](const chat::Tool& tool) {
                return !tool.server_type.empty() && tool.raw.empty();
            });
    }

  private:
    const json::Patches& patches_;  // the preset's
};

}  // namespace

std::unique_ptr<Adapter> provider_search(const Situation& s) {
    const config::Preset* preset = s.provider.preset;
    if (s.speaks != Protocol::openai_chat || !preset || preset->web_search.empty()) return nullptr;
    const auto holds = [&](const json::WirePatch& patch) {
        if (!patch.when || patch.when->pointer != "/model") return true;
        return patch.when->kind == json::PatchCondition::Kind::equals
                   ? fmt::format("\"{}\"", s.model) == patch.when->value
                   : s.model.starts_with(patch.when->value);
    };
    if (std::ranges::none_of(preset->web_search, holds)) return nullptr;
    if (std::ranges::none_of(s.conversation.tools, is_foreign_search)) return nullptr;
    return std::make_unique<ProviderSearch>(preset->web_search);
}

}  // namespace ccr::adapt
