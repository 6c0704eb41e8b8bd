// Chat Completions request to Conversation. Field names: API reference, "Create chat completion";
// what OpenRouter (`reasoning`) and DeepSeek or Z.ai (`thinking`) add is read as well.
#include <fmt/format.h>

#include "wire/openai_chat/client_side.h"
#include "wire/openai_chat/content_decode.h"
#include "wire/openai_chat/messages_decode.h"
#include "wire/openai_chat/tools_decode.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Conversation;
using json::Text;
using json::View;

Result<void> decode_count(View value, Text key, std::optional<std::int64_t>& out) {
    const auto count = value.integer();
    if (!count || *count < 0) return wrong(key.decode(), "Expected a whole number");
    out = count;
    return {};
}

Result<void> decode_real(View value, Text key, std::optional<double>& out) {
    out = value.number();
    if (!out) return wrong(key.decode(), "Expected a number");
    return {};
}

Result<void> decode_stop(View value, Conversation& c) {
    if (value.is_string()) {
        c.sampling.stop.push_back(value.text());
        return {};
    }
    if (!value.is_array()) return wrong("stop", "Expected a string or an array of strings");
    for (const View stop : value.elements()) {
        if (!stop.is_string()) return wrong("stop", "Expected a string or an array of strings");
        c.sampling.stop.push_back(stop.text());
    }
    return {};
}

Result<void> decode_format(View format, Conversation& c) {
    const Text type = format["type"].text();
    if (type.equals("text")) return {};
    chat::AnswerFormat out;
    out.json = true;
    if (type.equals("json_schema")) {
        const View schema = format["json_schema"];
        if (!schema.is_object()) return wrong("response_format.json_schema", "Field required");
        out.schema = schema["schema"].raw();
        out.name = schema["name"].text();
        out.strict = schema["strict"].boolean();
    } else if (!type.equals("json_object")) {
        return wrong("response_format.type", "Expected one of text, json_object, json_schema");
    }
    c.format = out;
    return {};
}

void decode_effort(View effort, Conversation& c) {
    if (const auto known = chat::effort_of(effort.text())) c.effort = known;
}

// {effort, max_tokens, enabled} (OpenRouter, "Reasoning tokens").
void decode_reasoning_settings(View reasoning, Conversation& c) {
    decode_effort(reasoning["effort"], c);
    chat::Thinking thinking;
    if (const auto budget = reasoning["max_tokens"].integer()) {
        thinking.mode = chat::Thinking::Mode::budget;
        thinking.budget_tokens = *budget;
        c.thinking = thinking;
    } else if (const auto enabled = reasoning["enabled"].boolean()) {
        thinking.mode = *enabled ? chat::Thinking::Mode::adaptive : chat::Thinking::Mode::off;
        c.thinking = thinking;
    }
}

// {type, budget_tokens} (DeepSeek, Z.ai: "enabled" or "disabled").
void decode_thinking(View value, Conversation& c) {
    chat::Thinking thinking;
    if (value["type"].text().equals("disabled")) thinking.mode = chat::Thinking::Mode::off;
    if (const auto budget = value["budget_tokens"].integer()) {
        thinking.mode = chat::Thinking::Mode::budget;
        thinking.budget_tokens = *budget;
    }
    c.thinking = thinking;
}

Result<void> decode_stream(View value, Conversation& c) {
    if (!value.boolean()) return wrong("stream", "Expected true or false");
    c.stream = *value.boolean();
    return {};
}

bool is_tool_member(Text key) {
    return key.equals("tools") || key.equals("functions") || key.equals("tool_choice") ||
           key.equals("function_call") || key.equals("parallel_tool_calls");
}

// Read elsewhere, or (stream_options) a question to ccr and none to the provider.
bool is_read_elsewhere(Text key) {
    return key.equals("model") || key.equals("messages") || key.equals("stream_options") ||
           is_tool_member(key);
}

Result<void> decode_member(Text key, View value, Conversation& c) {
    if (value.is_null() || is_read_elsewhere(key)) return {};
    // The older name does not overrule the newer one.
    if (key.equals("max_tokens") && c.sampling.max_tokens) return {};
    if (key.equals("max_tokens") || key.equals("max_completion_tokens")) {
        return decode_count(value, key, c.sampling.max_tokens);
    }
    if (key.equals("temperature")) return decode_real(value, key, c.sampling.temperature);
    if (key.equals("top_p")) return decode_real(value, key, c.sampling.top_p);
    if (key.equals("top_k")) return decode_count(value, key, c.sampling.top_k);
    if (key.equals("stop")) return decode_stop(value, c);
    if (key.equals("stream")) return decode_stream(value, c);
    if (key.equals("response_format")) return decode_format(value, c);
    if (key.equals("reasoning_effort")) return decode_effort(value, c), Result<void>();
    if (key.equals("reasoning")) return decode_reasoning_settings(value, c), Result<void>();
    if (key.equals("thinking")) return decode_thinking(value, c), Result<void>();
    if (key.equals("verbosity") && value.is_string())
        return c.verbosity = value.text(), Result<void>();
    if (key.equals("user") && value.is_string()) return c.user_id = value.text(), Result<void>();
    c.extras.members.emplace_back(key, value.raw());
    return {};
}

}  // namespace

Result<chat::Conversation> decode_request(View body, const Asked&) {
    if (!body.is_object()) return wrong("body", "Expected a JSON object");
    Conversation c;
    c.extras.from = Protocol::openai_chat;
    c.source_bytes = body.raw().size();
    const View model = body["model"];
    if (!model.is_string() || model.text().empty()) return wrong("model", "Field required");
    c.model = model.text();
    TRY_DO(decode_messages(body["messages"], c));
    TRY_DO(decode_tools(body, c));
    for (const auto member : body.members()) {
        TRY_DO(decode_member(member.key(), member.value, c));
    }
    return c;
}

}  // namespace ccr::wire::openai_chat
