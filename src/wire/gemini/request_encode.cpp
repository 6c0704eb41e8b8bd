// Conversation to generateContent request (ai.google.dev/api/generate-content). The model and
// whether to stream stand in the address.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "wire/gemini/config_encode.h"
#include "wire/gemini/contents_encode.h"
#include "wire/gemini/losses.h"
#include "wire/gemini/provider_side.h"
#include "wire/gemini/tools_encode.h"

namespace ccr::wire::gemini {
namespace {

using chat::Conversation;
using json::Writer;

constexpr std::size_t kRoom = 4096;  // what Gemini's form may need beyond the request's own size

// Members of the body that belong into a member of another name, or are carried elsewhere.
bool is_nested(json::Text key) {
    return key.escaped().starts_with("generationConfig.") ||
           key.escaped().starts_with("toolConfig.");
}

void encode_extras(Writer& w, const Conversation& c, chat::Losses& losses) {
    static constexpr auto kCarried =
        std::to_array<std::string_view>({"metadata", "output_config", "stream_options"});
    const bool own = c.extras.from == Protocol::gemini;
    for (const auto& [key, raw] : c.extras.members) {
        const auto is_it = [&key](std::string_view name) { return key.equals(name); };
        if (own && !is_nested(key))
            w.escaped_key(key).raw(raw);
        else if (!own && std::ranges::none_of(kCarried, is_it))
            note(losses, "body", key.decode(), Lost::body_member);
    }
    if (!c.user_id.empty()) note(losses, "metadata.user_id", Lost::user_id);
}

// Members that only the client's protocol knows, each name once with its first place; and the cache
// marks, of which there is one in nearly every request.
class InnerMembers {
  public:
    void see(const std::string& where, const chat::Extras& extras) {
        if (extras.from == Protocol::gemini) return;
        for (const auto& [key, raw] : extras.members)
            ++seen_.try_emplace(key.decode(), where, 0).first->second.second;
    }
    void see(const std::string& where, const std::vector<chat::Part>& parts) {
        for (const chat::Part& part : parts) {
            see(where, part.extras);
            marks_ += !part.cache.empty();
            if (const auto* result = part.as<chat::ToolResult>()) see(where, result->content);
        }
    }
    void see(const std::string& where, const chat::Tool& tool) {
        marks_ += !tool.cache.empty();
        if (tool.server_type.empty() && !tool.placeholder) see(where, tool.extras);
    }
    void tell(chat::Losses& losses) const {
        for (const auto& [key, place] : seen_) {
            const auto& [where, times] = place;
            note(losses, where, times == 1 ? key : fmt::format("{} ({} times)", key, times),
                 Lost::inner_member);
        }
        if (marks_ > 0)
            note(losses, "body", fmt::format("{} cache marks", marks_), Lost::cache_marks);
    }

  private:
    std::map<std::string, std::pair<std::string, std::size_t>> seen_;
    std::size_t marks_ = 0;
};

void note_inner_members(const Conversation& c, chat::Losses& losses) {
    InnerMembers members;
    for (std::size_t i = 0; i < c.turns.size(); ++i) {
        const std::string where = fmt::format("turns.{}", i);
        members.see(where, c.turns[i].extras);
        members.see(where, c.turns[i].parts);
    }
    for (std::size_t i = 0; i < c.tools.size(); ++i)
        members.see(fmt::format("tools.{}", i), c.tools[i]);
    members.tell(losses);
}

}  // namespace

Encoded encode_request(const Conversation& c, const Target& target) {
    Encoded out;
    out.body.reserve(c.source_bytes + kRoom);
    const ModelTraits traits = traits_of_model(target.model);
    Writer w(out.body);
    w.open_object();
    ContentsEncoder(w, target, out.losses).encode(c.turns);
    const bool has_functions = encode_tools(w, c, out.losses);
    encode_config(w, c, traits, has_functions, out.losses);
    encode_extras(w, c, out.losses);
    note_inner_members(c, out.losses);
    w.close_object();
    return out;
}

}  // namespace ccr::wire::gemini
