// Conversation to Chat Completions request (docs: API reference, "Create chat completion"). To a
// provider of which nothing is known only fields of that page are sent.
#include <algorithm>
#include <array>

#include "wire/cache_key.h"
#include "wire/openai_chat/losses.h"
#include "wire/openai_chat/messages_encode.h"
#include "wire/openai_chat/provider_side.h"
#include "wire/unknown_members.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Conversation;
using chat::Effort;
using json::Writer;

constexpr Place kTools("tools");

constexpr std::size_t kRoom = 4096;  // what Chat's form may need beyond the request's own size
constexpr std::string_view kNoArguments = R"({"type":"object","properties":{}})";

bool is_callable(const chat::Tool& tool) {
    if (tool.placeholder) return false;
    return tool.server_type.empty() || tool.extras.from == Protocol::openai_chat;
}

bool is_plain_function(const chat::Tool& tool) {
    return is_callable(tool) && tool.server_type.empty();
}

void encode_tool(Writer& w, const chat::Tool& tool) {
    if (!tool.server_type.empty()) {
        w.raw(tool.raw);
        return;
    }
    w.open_object()
        .member("type", "function")
        .key("function")
        .open_object()
        .member("name", tool.name);
    if (!tool.description.empty()) w.member("description", tool.description);
    w.member_raw("parameters", tool.schema.empty() ? kNoArguments : tool.schema);
    // Off is what absent means here, and not every server knows the word.
    const bool own = tool.extras.from == Protocol::openai_chat;
    if (tool.strict && (own || *tool.strict)) w.key("strict").boolean(*tool.strict);
    w.close_object().close_object();
}

void lose_tool(const chat::Tool& tool, const Place& where, chat::Losses& losses) {
    if (tool.placeholder)
        note(losses, where, Lost::placeholder_tool);
    else
        note(losses, where, tool.server_type.decode(), Lost::server_tool);
}

bool encode_tools(Writer& w, const Conversation& c, chat::Losses& losses) {
    std::size_t index = 0;
    for (const chat::Tool& tool : c.tools) {
        if (!is_callable(tool)) lose_tool(tool, kTools.element(index), losses);
        ++index;
    }
    if (std::ranges::none_of(c.tools, is_callable)) return false;
    w.key("tools").open_array();
    for (const chat::Tool& tool : c.tools) {
        if (is_callable(tool)) encode_tool(w, tool);
    }
    w.close_array();
    return true;
}

void encode_tool_choice(Writer& w, const chat::ToolChoice& choice) {
    w.key("tool_choice");
    switch (choice.mode) {
        case chat::ToolMode::automatic:
            w.string("auto");
            break;
        case chat::ToolMode::required:
            w.string("required");
            break;
        case chat::ToolMode::none:
            w.string("none");
            break;
        case chat::ToolMode::named:
            w.open_object().member("type", "function").key("function").open_object();
            w.member("name", choice.name).close_object().close_object();
    }
    if (choice.parallel) w.key("parallel_tool_calls").boolean(*choice.parallel);
}

void encode_sampling(Writer& w, const chat::Sampling& sampling, chat::Losses& losses) {
    if (sampling.max_tokens) w.member("max_tokens", *sampling.max_tokens);
    if (sampling.temperature) w.key("temperature").number(*sampling.temperature);
    if (sampling.top_p) w.key("top_p").number(*sampling.top_p);
    if (sampling.top_k) note(losses, "top_k", std::to_string(*sampling.top_k), Lost::top_k);
    if (sampling.stop.empty()) return;
    w.key("stop").open_array();
    for (const json::Text stop : sampling.stop) w.text(stop);
    w.close_array();
}

// reasoning_effort alone: it is the one field that most servers know or ignore. Its scale ends at
// high for all but the newest models.
void encode_effort(Writer& w, const Conversation& c, chat::Losses& losses) {
    using Mode = chat::Thinking::Mode;
    std::optional<Effort> effort;
    if (c.thinking && c.thinking->mode == Mode::off) return;
    if (c.thinking && c.thinking->mode == Mode::budget)
        effort = chat::effort_of_budget(c.thinking->budget_tokens);
    // OpenAI's protocols share the scale, and their providers choose where a client does not.
    const bool own =
        c.extras.from == Protocol::openai_chat || c.extras.from == Protocol::openai_responses;
    // What Messages takes an absent effort for (docs: "Effort").
    if (c.thinking && c.thinking->mode == Mode::adaptive && !own) effort = Effort::high;
    if (c.effort && (c.thinking || own))
        effort = c.effort;
    else if (c.effort)
        note(losses, "output_config.effort", std::string(chat::name_of(*c.effort)),
             Lost::effort_alone);
    if (!effort || (*effort == Effort::none && !own)) return;
    if (*effort > Effort::high && !own) {
        note(losses, "output_config.effort", std::string(chat::name_of(*effort)),
             Lost::high_effort);
        effort = Effort::high;
    }
    w.member("reasoning_effort", chat::name_of(*effort));
}

void encode_format(Writer& w, const chat::AnswerFormat& format) {
    w.key("response_format").open_object();
    if (format.schema.empty()) {
        w.member("type", "json_object").close_object();
        return;
    }
    w.member("type", "json_schema").key("json_schema").open_object();
    if (format.name.empty())
        w.member("name", "answer");
    else
        w.member("name", format.name);
    w.member_raw("schema", format.schema);
    if (format.strict) w.key("strict").boolean(*format.strict);
    w.close_object().close_object();
}

// Claude Code's user id is a JSON text that names the device: nothing for another provider.
void encode_user(Writer& w, const Conversation& c, chat::Losses& losses) {
    if (c.user_id.empty()) return;
    if (c.user_id.escaped().starts_with('{'))
        note(losses, "metadata.user_id", Lost::user_id);
    else
        w.member("user", c.user_id);
}

// How OpenAI is told what marks say elsewhere (docs: "Prompt caching"). A Chat client has its own
// among the extras.
bool encode_cache_key(Writer& w, const Conversation& c) {
    const std::string key = c.extras.from == Protocol::openai_chat ? "" : cache_key_of(c);
    if (!key.empty()) w.member("prompt_cache_key", std::string_view(key));
    return !key.empty();
}

void encode_extras(Writer& w, const Conversation& c, chat::Losses& losses) {
    for (const auto& [key, raw] : c.extras.members) {
        // stream_options are ours: the usage chunk is always asked for.
        if (is_in_the_hub(c.extras, key)) continue;
        if (c.extras.from == Protocol::openai_chat)
            w.escaped_key(key).raw(raw);
        else
            note(losses, "body", key.decode(), Lost::body_member);
    }
}

}  // namespace

Encoded encode_request(const Conversation& c, const Target& target) {
    Encoded out;
    out.body.reserve(c.source_bytes + kRoom);
    Writer w(out.body);
    w.open_object().member("model", target.model).key("messages").open_array();
    MessagesEncoder messages(w, target, out.losses);
    messages.encode(c.turns);
    w.close_array();
    const bool has_tools = encode_tools(w, c, out.losses);
    if (has_tools && c.tool_choice)
        encode_tool_choice(w, *c.tool_choice);
    else if (c.tool_choice)
        note(out.losses, "tool_choice", Lost::tool_choice);
    encode_sampling(w, c.sampling, out.losses);
    encode_effort(w, c, out.losses);
    if (c.format) encode_format(w, *c.format);
    if (!c.verbosity.empty()) w.member("verbosity", c.verbosity);
    encode_user(w, c, out.losses);
    const bool has_key = target.cache_key && encode_cache_key(w, c);
    encode_extras(w, c, out.losses);
    note_unknown_members(c, is_plain_function, loss_of(Lost::inner_member), out.losses);
    if (!has_key)
        note_cache_marks(c, loss_of(Lost::cache_marks), out.losses, messages.cache_marks());
    w.key("stream").boolean(target.stream);
    if (target.stream)
        w.key("stream_options").open_object().key("include_usage").boolean(true).close_object();
    w.close_object();
    return out;
}

}  // namespace ccr::wire::openai_chat
