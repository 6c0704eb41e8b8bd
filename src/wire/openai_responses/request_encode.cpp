// Conversation to Responses request (docs: API reference, "Create a model response"). Only fields
// of that page are sent. Nothing is stored: the whole conversation comes with every request.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "json/document.h"
#include "wire/cache_key.h"
#include "wire/openai_responses/items_encode.h"
#include "wire/openai_responses/losses.h"
#include "wire/openai_responses/provider_side.h"
#include "wire/openai_responses/tools_encode.h"
#include "wire/unknown_members.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Conversation;
using chat::Effort;
using json::Text;
using json::Writer;

constexpr std::size_t kRoom = 4096;  // what this form may need beyond the request's own size
constexpr std::int64_t kLeastMaxTokens = 16;

bool is_own(const Conversation& c) {
    return c.extras.from == Protocol::openai_responses;
}

bool is_openai(const Conversation& c) {
    return is_own(c) || c.extras.from == Protocol::openai_chat;
}

std::string_view extra(const Conversation& c, std::string_view name) {
    if (!is_own(c)) return {};
    for (const auto& [key, raw] : c.extras.members) {
        if (key.equals(name)) return raw;
    }
    return {};
}

// --- instructions ---

// How many turns open the conversation as instructions; where there is nothing else they are input.
std::size_t system_turns(const Conversation& c) {
    std::size_t count = 0;
    while (count < c.turns.size() && c.turns[count].role == chat::Role::system) ++count;
    return count == c.turns.size() ? 0 : count;
}

void encode_instructions(Writer& w, const Conversation& c, std::size_t count,
                         chat::Losses& losses) {
    std::vector<Text> texts;
    for (std::size_t i = 0; i < count; ++i) {
        for (const chat::Part& part : c.turns[i].parts) {
            if (const Text text = text_of(part); !text.empty())
                texts.push_back(text);
            else if (part.as<chat::Media>())
                note(losses, "system", Lost::instruction_media);
            else if (part.as<chat::Opaque>())
                note(losses, "system", Lost::attribution);
        }
    }
    if (texts.empty()) return;
    w.key("instructions").quote_open();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) w.piece(Text::literal("\\n\\n"));
        w.piece(texts[i]);
    }
    w.quote_close();
}

// --- reasoning ---

std::optional<Effort> effort_for(const Conversation& c, chat::Losses& losses) {
    using Mode = chat::Thinking::Mode;
    if (is_openai(c)) {  // one scale
        const bool budget = c.thinking && c.thinking->mode == Mode::budget;
        return c.effort || !budget ? c.effort : chat::effort_of_budget(c.thinking->budget_tokens);
    }
    if (!c.thinking || c.thinking->mode == Mode::off) {
        if (c.effort)
            note(losses, "output_config.effort", std::string(chat::name_of(*c.effort)),
                 Lost::effort_alone);
        return std::nullopt;
    }
    // What Messages takes an absent effort for (docs: "Effort").
    Effort effort = c.effort.value_or(Effort::high);
    if (c.thinking->mode == Mode::budget && !c.effort)
        effort = chat::effort_of_budget(c.thinking->budget_tokens);
    if (effort <= Effort::high) return effort;
    note(losses, "output_config.effort", std::string(chat::name_of(effort)), Lost::high_effort);
    return Effort::high;
}

void copy_rest(Writer& w, std::string_view object, std::initializer_list<std::string_view> known) {
    if (object.empty()) return;
    json::Document document;
    const auto root = document.parse(object);
    if (!root) return;
    for (const auto member : root->members()) {
        const bool is_known =
            std::ranges::any_of(known, [&](std::string_view name) { return member.named(name); });
        if (!is_known) w.escaped_key(member.key()).raw(member.value.raw());
    }
}

// Whether the model is asked to reason. Its summary is what a client shows as thinking.
bool encode_reasoning(Writer& w, const Conversation& c, chat::Losses& losses) {
    const std::optional<Effort> effort = effort_for(c, losses);
    const std::string_view rest = extra(c, "reasoning");
    const bool shown = c.thinking && c.thinking->mode != chat::Thinking::Mode::off &&
                       !c.thinking->display.equals("omitted") && !is_own(c) &&
                       (effort || !is_openai(c));
    if (!effort && rest.empty() && !shown) return false;
    w.key("reasoning").open_object();
    if (effort) w.member("effort", chat::name_of(*effort));
    if (shown) w.member("summary", "auto");
    copy_rest(w, rest, {"effort"});
    w.close_object();
    return effort != Effort::none;
}

// Models that do not reason refuse to be asked for it, so it is asked for beside reasoning only.
void encode_include(Writer& w, const Conversation& c, bool reasons) {
    if (const std::string_view own = extra(c, "include"); !own.empty())
        w.member_raw("include", own);
    else if (reasons && !is_own(c))
        w.key("include").open_array().string("reasoning.encrypted_content").close_array();
}

// --- the rest ---

void encode_temperature(Writer& w, const Conversation& c, bool reasons, chat::Losses& losses) {
    const auto send = [&](std::string_view name, const std::optional<double>& value) {
        if (!value || (*value == 1.0 && !is_own(c))) return;  // 1 is the default of both
        if (reasons && !is_openai(c))
            note(losses, std::string(name), fmt::format("{}", *value),
                 Lost::sampling_beside_reasoning);
        else
            w.key(name).number(*value);
    };
    send("temperature", c.sampling.temperature);
    send("top_p", c.sampling.top_p);
}

void encode_sampling(Writer& w, const Conversation& c, bool reasons, chat::Losses& losses) {
    const chat::Sampling& sampling = c.sampling;
    if (sampling.max_tokens) {
        if (*sampling.max_tokens < kLeastMaxTokens)
            note(losses, "max_tokens", std::to_string(*sampling.max_tokens), Lost::few_tokens);
        w.member("max_output_tokens", std::max(*sampling.max_tokens, kLeastMaxTokens));
    }
    encode_temperature(w, c, reasons, losses);
    if (sampling.top_k) note(losses, "top_k", std::to_string(*sampling.top_k), Lost::top_k);
    if (!sampling.stop.empty())
        note(losses, "stop", fmt::format("{} stop sequences", sampling.stop.size()), Lost::stop);
}

void encode_format(Writer& w, const chat::AnswerFormat& format) {
    w.key("format").open_object();
    if (format.schema.empty()) {
        w.member("type", "json_object").close_object();
        return;
    }
    w.member("type", "json_schema");
    w.member("name", format.name.empty() ? Text::literal("answer") : format.name);
    w.member_raw("schema", format.schema);
    if (format.strict) w.key("strict").boolean(*format.strict);
    w.close_object();
}

void encode_text(Writer& w, const Conversation& c) {
    const std::string_view rest = extra(c, "text");
    if (!c.format && c.verbosity.empty() && rest.empty()) return;
    w.key("text").open_object();
    if (c.format) encode_format(w, *c.format);
    if (!c.verbosity.empty()) w.member("verbosity", c.verbosity);
    copy_rest(w, rest, {"format", "verbosity"});
    w.close_object();
}

void encode_user(Writer& w, const Conversation& c, chat::Losses& losses) {
    const std::string key = is_openai(c) ? "" : cache_key_of(c);
    if (!key.empty()) w.member("prompt_cache_key", std::string_view(key));
    note_cache_marks(c, loss_of(Lost::cache_marks), losses);
    if (c.user_id.empty()) return;
    if (c.user_id.escaped().starts_with('{'))
        note(losses, "metadata.user_id", Lost::user_id);
    else
        w.member("user", c.user_id);
}

bool is_among(Text key, std::span<const std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return key.equals(name); });
}

// Fields that OpenAI's two protocols have in common pass between them.
void encode_extras(Writer& w, const Conversation& c, chat::Losses& losses) {
    static constexpr auto kWritten =
        std::to_array<std::string_view>({"reasoning", "text", "include"});
    static constexpr auto kShared = std::to_array<std::string_view>(
        {"metadata", "store", "service_tier", "prompt_cache_key", "prompt_cache_retention",
         "safety_identifier", "top_logprobs"});
    bool stores = false;
    for (const auto& [key, raw] : c.extras.members) {
        if (is_own(c) && is_among(key, kWritten)) continue;
        const bool shared = c.extras.from == Protocol::openai_chat && is_among(key, kShared);
        if (is_own(c) || shared) {
            stores = stores || key.equals("store");
            w.escaped_key(key).raw(raw);
        } else if (!is_in_the_hub(c.extras, key)) {
            note(losses, "body", key.decode(), Lost::body_member);
        }
    }
    if (!stores) w.key("store").boolean(false);
}

bool is_foreign_function(const chat::Tool& tool) {
    return is_plain_function(tool) && tool.extras.from != Protocol::openai_responses;
}

}  // namespace

Encoded encode_request(const Conversation& c, const Target& target) {
    Encoded out;
    out.body.reserve(c.source_bytes + kRoom);
    Writer w(out.body);
    const ToolShapes shapes(&c);
    w.open_object().member("model", target.model);
    const std::size_t first = system_turns(c);
    encode_instructions(w, c, first, out.losses);
    w.key("input").open_array();
    ItemsEncoder(w, target, shapes, out.losses).encode(c.turns, first);
    w.close_array();
    encode_tools(w, c, shapes, out.losses);
    const bool reasons = encode_reasoning(w, c, out.losses);
    encode_include(w, c, reasons);
    encode_sampling(w, c, reasons, out.losses);
    encode_text(w, c);
    encode_user(w, c, out.losses);
    encode_extras(w, c, out.losses);
    if (!is_own(c))
        note_unknown_members(c, is_foreign_function, loss_of(Lost::inner_member), out.losses);
    w.key("stream").boolean(target.stream).close_object();
    return out;
}

}  // namespace ccr::wire::openai_responses
