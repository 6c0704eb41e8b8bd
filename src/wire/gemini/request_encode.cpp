// Conversation to generateContent request (ai.google.dev/api/generate-content). The model and
// whether to stream stand in the address.
#include <algorithm>
#include <array>

#include "wire/gemini/config_encode.h"
#include "wire/gemini/contents_encode.h"
#include "wire/gemini/losses.h"
#include "wire/gemini/provider_side.h"
#include "wire/gemini/tools_encode.h"
#include "wire/unknown_members.h"

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
    const bool own = c.extras.from == Protocol::gemini;
    for (const auto& [key, raw] : c.extras.members) {
        if (own && !is_nested(key))
            w.escaped_key(key).raw(raw);
        else if (!own && !is_in_the_hub(c.extras, key))
            note(losses, "body", key.decode(), Lost::body_member);
    }
    if (!c.user_id.empty()) note(losses, "metadata.user_id", Lost::user_id);
}

bool is_function(const chat::Tool& tool) {
    return tool.server_type.empty() && !tool.placeholder;
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
    if (c.extras.from != Protocol::gemini)
        note_unknown_members(c, is_function, loss_of(Lost::inner_member), out.losses);
    note_cache_marks(c, loss_of(Lost::cache_marks), out.losses);
    w.close_object();
    return out;
}

}  // namespace ccr::wire::gemini
