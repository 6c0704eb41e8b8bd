#include "wire/request_model_fixture.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace ccr::wire {
namespace {

using json::Random;
using Model = nlohmann::json;

// --- meaning of a Messages request ---

void join_texts(Model& blocks) {
    Model out = Model::array();
    for (Model& block : blocks) {
        const bool text = block.value("type", "") == "text";
        if (text && block["text"] == "") continue;
        const bool joins = text && !out.empty() && out.back().value("type", "") == "text";
        if (joins)
            out.back()["text"] =
                out.back()["text"].get<std::string>() + "\n\n" + block["text"].get<std::string>();
        else
            out.push_back(std::move(block));
    }
    blocks = std::move(out);
}

void normalise_content(Model& holder, const char* key, Texts texts) {
    Model content = holder.contains(key) ? holder[key] : Model();
    if (content.is_string()) content = Model::array({{{"type", "text"}, {"text", content}}});
    if (content.is_null()) content = Model::array();
    for (Model& block : content) {
        if (block.contains("cache_control") && block["cache_control"].is_null())
            block.erase("cache_control");
        if (block.value("type", "") != "tool_result") continue;
        if (block.contains("is_error") && block["is_error"] == false) block.erase("is_error");
        normalise_content(block, "content", texts);
    }
    if (texts == Texts::joined) join_texts(content);
    holder[key] = std::move(content);
}

Model meaning(std::string_view body, Texts texts) {
    Model out = Model::parse(body);
    out.erase("model");
    out.erase("stream");
    if (!out.contains("max_tokens")) out["max_tokens"] = 32'000;
    normalise_content(out, "system", texts);
    for (Model& message : out["messages"]) normalise_content(message, "content", texts);
    for (Model& tool : out["tools"]) {
        if (tool.value("type", "") == "custom") tool.erase("type");
    }
    if (out["tools"].empty()) out.erase("tools");
    return out;
}

// --- random requests ---

std::string text(Random& r) {
    return Model::parse("\"" + json::random_escaped(r, 10) + "\"").get<std::string>();
}

Model object(Random& r) {
    return Model::parse(json::random_container(r, 2, true));
}

void add_extras(Random& r, Model& block) {
    if (r.chance(0.2)) block["cache_control"] = {{"type", "ephemeral"}};
    if (r.chance(0.1)) block["x_new_member"] = object(r);
}

Model text_block(Random& r) {
    return {{"type", "text"}, {"text", text(r)}};
}

Model image_block(Random& r) {
    if (r.chance(0.5))
        return {{"type", "image"}, {"source", {{"type", "url"}, {"url", "https://e.org/i.png"}}}};
    return {{"type", "image"},
            {"source", {{"type", "base64"}, {"media_type", "image/png"}, {"data", "AAAA"}}}};
}

Model document_block(Random& r) {
    Model out{
        {"type", "document"},
        {"source", {{"type", "base64"}, {"media_type", "application/pdf"}, {"data", "JVBERi0"}}}};
    if (r.chance(0.3))
        out["source"] = {{"type", "text"}, {"media_type", "text/plain"}, {"data", text(r)}};
    if (r.chance(0.2)) out["source"] = {{"type", "content"}, {"content", "whole"}};
    if (r.chance(0.2)) out["source"] = {{"type", "file"}, {"file_id", "file_1"}};
    if (r.chance(0.5)) out["title"] = "a.pdf";
    return out;
}

Model result_block(Random& r) {
    Model out{{"type", "tool_result"}, {"tool_use_id", "toolu_" + std::to_string(r.below(9))}};
    if (r.chance(0.3)) out["is_error"] = r.chance(0.5);
    if (r.chance(0.4)) return out["content"] = text(r), out;
    if (r.chance(0.1)) return out;
    out["content"] = Model::array();
    for (std::size_t n = r.below(3); n > 0; --n) {
        Model inner = r.chance(0.5)   ? text_block(r)
                      : r.chance(0.5) ? image_block(r)
                                      : document_block(r);
        if (r.chance(0.2)) inner = {{"type", "tool_reference"}, {"tool_name", "Later"}};
        out["content"].push_back(std::move(inner));
    }
    return out;
}

Model user_block(Random& r) {
    switch (r.below(5)) {
        case 0:
            return image_block(r);
        case 1:
            return document_block(r);
        case 2:
            return result_block(r);
        default:
            return text_block(r);
    }
}

Model assistant_block(Random& r) {
    switch (r.below(6)) {
        case 0:
            return {{"type", "thinking"}, {"thinking", text(r)}, {"signature", "c2ln"}};
        case 1:
            return {{"type", "redacted_thinking"}, {"data", "ZGF0YQ"}};
        case 2:
            return {{"type", "tool_use"},
                    {"id", "toolu_" + std::to_string(r.below(9))},
                    {"name", "Read"},
                    {"input", object(r)}};
        case 3:
            return {{"type", "server_tool_use"},
                    {"id", "srv"},
                    {"name", "web_search"},
                    {"input", object(r)}};
        default:
            return text_block(r);
    }
}

Model messages_turn(Random& r, bool first) {
    static constexpr auto kRoles =
        std::to_array<const char*>({"user", "assistant", "user", "assistant", "system"});
    const std::string role = first ? "user" : r.pick(kRoles);
    Model out{{"role", role}};
    if (role == "system" && r.chance(0.5)) out["output_config"] = {{"effort", "low"}};
    if (r.chance(0.3)) return out["content"] = text(r), out;
    out["content"] = Model::array();
    for (std::size_t n = 1 + r.below(4); n > 0; --n) {
        Model block = role == "assistant" ? assistant_block(r)
                      : role == "user"    ? user_block(r)
                                          : text_block(r);
        add_extras(r, block);
        out["content"].push_back(std::move(block));
    }
    return out;
}

Model messages_tool(Random& r, std::size_t number) {
    if (r.chance(0.2))
        return {{"type", "web_search_20250305"}, {"name", "web_search"}, {"max_uses", 8}};
    Model out{{"name", "tool_" + std::to_string(number)},
              {"input_schema", {{"type", "object"}, {"properties", object(r)}}}};
    if (r.chance(0.7)) out["description"] = "d" + text(r);
    if (r.chance(0.2)) out["type"] = "custom";
    if (r.chance(0.2)) out["strict"] = r.chance(0.5);
    if (r.chance(0.2)) out["defer_loading"] = true;
    add_extras(r, out);
    return out;
}

template <typename T>
void maybe(Random& r, Model& body, const char* key, T value) {
    if (r.chance(0.4)) body[key] = value;
}

Model chat_parts(Random& r) {
    Model out = Model::array();
    for (std::size_t n = 1 + r.below(3); n > 0; --n) {
        if (r.chance(0.6))
            out.push_back({{"type", "text"}, {"text", "t" + text(r)}});
        else
            out.push_back({{"type", "image_url"},
                           {"image_url",
                            {{"url", r.chance(0.5) ? "data:image/png;base64,AAAA"
                                                   : "https://e.org/i.png"}}}});
    }
    return out;
}

// An assistant turn, the results of its calls, and perhaps a word of the user's; then the user's
// next turn.
void add_chat_round(Random& r, Model& messages, std::size_t number) {
    messages.push_back(
        {{"role", "user"}, {"content", r.chance(0.5) ? Model("u" + text(r)) : chat_parts(r)}});
    Model assistant{{"role", "assistant"}, {"content", "a" + text(r)}};
    const std::size_t calls = r.below(3);
    for (std::size_t i = 0; i < calls; ++i) {
        const std::string id = "call_" + std::to_string(number * 10 + i);
        assistant["tool_calls"].push_back(
            {{"id", id},
             {"type", "function"},
             {"function", {{"name", "tool_0"}, {"arguments", object(r).dump()}}}});
    }
    if (calls > 0 && r.chance(0.3)) assistant["content"] = nullptr;
    messages.push_back(assistant);
    for (std::size_t i = 0; i < calls; ++i) {
        messages.push_back({{"role", "tool"},
                            {"tool_call_id", "call_" + std::to_string(number * 10 + i)},
                            {"content", "r" + text(r)}});
    }
    if (calls == 0) return;
    messages.push_back({{"role", "assistant"}, {"content", "b" + text(r)}});
}

Model chat_tool(Random& r, std::size_t number) {
    Model function{{"name", "tool_" + std::to_string(number)},
                   {"parameters", {{"type", "object"}, {"properties", object(r)}}}};
    if (r.chance(0.7)) function["description"] = "d" + text(r);
    if (r.chance(0.3)) function["strict"] = r.chance(0.5);
    return {{"type", "function"}, {"function", function}};
}

// --- what does not belong into a Chat request ---

using Names = std::set<std::string>;

void check_members(const Model& object, const Names& known, const std::string& where,
                   std::vector<std::string>& out) {
    if (!object.is_object()) return out.push_back(where + " is no object");
    for (const auto& [key, value] : object.items()) {
        if (!known.contains(key)) out.push_back(where + "." + key);
    }
}

void check_content(const Model& content, const std::string& where, std::vector<std::string>& out) {
    static const std::map<std::string, Names> kParts = {{"text", {"type", "text"}},
                                                        {"image_url", {"type", "image_url"}},
                                                        {"file", {"type", "file"}},
                                                        {"input_audio", {"type", "input_audio"}}};
    if (!content.is_array()) return;
    for (const Model& part : content) {
        const auto known = kParts.find(part.value("type", ""));
        if (known == kParts.end())
            out.push_back(where + " has a part " + part.dump());
        else
            check_members(part, known->second, where, out);
    }
}

void check_message(const Model& message, const std::string& where, std::vector<std::string>& out) {
    const std::string role = message.value("role", "");
    Names known{"role", "content"};
    if (role == "tool") known.insert("tool_call_id");
    if (role == "assistant") known.insert({"tool_calls", "reasoning_content"});
    check_members(message, known, where, out);
    const bool flat =
        role == "user" || message["content"].is_string() || message["content"].is_null();
    if (!flat) out.push_back(where + ".content is no string");
    check_content(message["content"], where, out);
    for (const Model& call : message.value("tool_calls", Model::array())) {
        check_members(call, {"id", "type", "function"}, where + ".tool_calls", out);
        check_members(call["function"], {"name", "arguments"}, where + ".tool_calls.function", out);
        if (!Model::accept(call["function"]["arguments"].get<std::string>()))
            out.push_back(where + " has broken arguments");
    }
}

void check_tool(const Model& tool, std::vector<std::string>& out) {
    check_members(tool, {"type", "function"}, "tools", out);
    check_members(tool["function"], {"name", "description", "parameters", "strict"},
                  "tools.function", out);
    if (tool["function"]["name"] == "DeferredToolPlaceholder")
        out.push_back("tools: the placeholder");
}

}  // namespace

std::string difference(std::string_view a, std::string_view b, Texts texts) {
    const Model patch = Model::diff(meaning(a, texts), meaning(b, texts));
    return patch.empty() ? "" : patch.dump(1);
}

std::string random_messages_request(Random& r) {
    Model body{{"model", "claude-test"}, {"messages", Model::array()}};
    for (std::size_t n = 1 + r.below(5); n > 0; --n)
        body["messages"].push_back(messages_turn(r, body["messages"].empty()));
    maybe(r, body, "system", Model::array({text_block(r), text_block(r)}));
    maybe(r, body, "max_tokens", r.below(1000));
    maybe(r, body, "temperature", 0.5);
    maybe(r, body, "top_p", 0.25);
    maybe(r, body, "top_k", 5);
    maybe(r, body, "stop_sequences", Model::array({"</end>", "\n\n"}));
    maybe(r, body, "metadata", Model{{"user_id", "u"}, {"more", object(r)}});
    maybe(r, body, "thinking", Model{{"type", "enabled"}, {"budget_tokens", 1024}});
    maybe(r, body, "output_config",
          Model{{"effort", "high"}, {"format", {{"type", "json_schema"}, {"schema", object(r)}}}});
    maybe(r, body, "context_management", object(r));
    maybe(r, body, "tool_choice",
          Model{{"type", "tool"}, {"name", "tool_0"}, {"disable_parallel_tool_use", true}});
    for (std::size_t n = r.below(4); n > 0; --n) body["tools"].push_back(messages_tool(r, n));
    return body.dump();
}

std::string random_chat_request(Random& r) {
    Model body{{"model", "m"}, {"messages", Model::array()}};
    for (std::size_t n = r.below(3); n > 0; --n)
        body["messages"].push_back({{"role", "system"}, {"content", "s" + text(r)}});
    for (std::size_t n = 1 + r.below(3); n > 0; --n) add_chat_round(r, body["messages"], n);
    for (std::size_t n = r.below(4); n > 0; --n) body["tools"].push_back(chat_tool(r, n));
    maybe(r, body, "max_tokens", 1 + r.below(1000));
    maybe(r, body, "temperature", 0.5);
    maybe(r, body, "top_p", 0.25);
    maybe(r, body, "stop", Model::array({"x", "\n"}));
    maybe(r, body, "user", "someone");
    maybe(r, body, "reasoning_effort", r.pick(std::array{"none", "low", "high", "xhigh"}));
    maybe(r, body, "response_format",
          Model{{"type", "json_schema"},
                {"json_schema", {{"name", "answer"}, {"schema", object(r)}}}});
    if (!body.contains("tools")) return body.dump();
    maybe(r, body, "tool_choice",
          r.chance(0.5) ? Model("required")
                        : Model{{"type", "function"}, {"function", {{"name", "tool_1"}}}});
    maybe(r, body, "parallel_tool_calls", r.chance(0.5));
    return body.dump();
}

std::vector<std::string> foreign_to_chat(std::string_view chat_request) {
    const Model body = Model::parse(chat_request);
    std::vector<std::string> out;
    check_members(body,
                  {"model", "messages", "tools", "tool_choice", "parallel_tool_calls", "max_tokens",
                   "temperature", "top_p", "stop", "reasoning_effort", "response_format", "user",
                   "stream", "stream_options"},
                  "body", out);
    std::size_t index = 0;
    for (const Model& message : body["messages"])
        check_message(message, "messages." + std::to_string(index++), out);
    if (!body.contains("tools")) return out;
    for (const Model& tool : body["tools"]) check_tool(tool, out);
    return out;
}

std::string texts_of_chat(std::string_view chat_request) {
    const Model body = Model::parse(chat_request);
    std::string out;
    for (const Model& message : body["messages"]) {
        const Model& content = message["content"];
        if (content.is_string()) out += content.get<std::string>() + "\n";
        if (!content.is_array()) continue;
        for (const Model& part : content) out += part.value("text", "") + "\n";
    }
    return out;
}

std::string indented(std::string_view json) {
    return nlohmann::ordered_json::parse(json).dump(1) + "\n";
}

}  // namespace ccr::wire
