#include "wire/openai_chat/choice_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ids.h"
#include "base/text_case.h"
#include "wire/openai_chat/names.h"

namespace ccr::wire::openai_chat {

using chat::StopReason;
using json::Text;
using json::View;

chat::Provenance ChoiceReader::from(std::string_view field) const {
    return {Protocol::openai_chat, Text::from_escaped(provider_), Text::from_escaped(field)};
}

// A complete message may name its members in any order; the answer has this one.
void ChoiceReader::read(View delta, chat::Events& out) {
    read_reasoning(delta, out);
    read_content(delta["content"], out);
    if (const Text refusal = delta["refusal"].text(); !refusal.empty()) {
        refused_ = true;
        blocks_.text(refusal, out);
    }
    read_annotations(delta["annotations"]);
    read_executed_tools(delta["executed_tools"]);
    for (const View call : delta["tool_calls"].elements()) {
        // StepFun ran it itself (platform.stepfun.com, guides/developer/web-search).
        if (call["type"].text().equals("web_search"))
            add_hits(call["function"]["results"]);
        else
            read_call(call, out);
    }
    // The call form that tool_calls replaced; some servers still answer with it, some with both.
    if (delta["function_call"].is_object() && !delta["tool_calls"].has_elements())
        read_call(delta, out);
}

// Most send a string. Mistral sends an array of parts, with thinking among them
// (docs.mistral.ai, capabilities/reasoning).
void ChoiceReader::read_content(View content, chat::Events& out) {
    if (content.is_string()) return blocks_.text(content.text(), out);
    for (const View part : content.elements()) {
        if (!part["type"].text().equals("thinking")) {
            blocks_.text(part["text"].text(), out);
            continue;
        }
        blocks_.reasoning(part["thinking"].text(), from("content"), out);
        for (const View piece : part["thinking"].elements())
            blocks_.reasoning(piece["text"].text(), from("content"), out);
    }
}

// Servers that send the same reasoning under two names exist: the first name that has text counts.
void ChoiceReader::read_reasoning(View delta, chat::Events& out) {
    bool has_text = false;
    for (const std::string_view field : kReasoningFields) {
        const Text text = delta[field].text();
        if (text.empty()) continue;
        blocks_.reasoning(text, from(field), out);
        has_text = true;
        break;
    }
    if (const View thinking = delta["thinking"]; thinking.is_object()) read_thinking(thinking, out);
    read_details(delta["reasoning_details"], has_text, out);
}

// The reference's own dialect: {"thinking":{"content","signature"}}.
void ChoiceReader::read_thinking(View thinking, chat::Events& out) {
    blocks_.reasoning(thinking["content"].text(), from(kThinkingObject), out);
    blocks_.seal(thinking["signature"].text(), from(kThinkingObject), out);
}

// OpenRouter repeats their text under `reasoning`; MiniMax has it here alone.
void ChoiceReader::read_details(View details, bool text_is_known, chat::Events& out) {
    for (const View detail : details.elements()) {
        if (text_is_known) break;
        for (const std::string_view key : {"text", "summary"})
            blocks_.reasoning(detail[key].text(), from("reasoning_details"), out);
    }
    blocks_.details(details, from("reasoning_details"), out);
}

// A call is known by its index, else by its id, else it is the latest. Only what has a name can
// begin a call: servers exist that make up a new id for every piece (vLLM up to 0.8), or give every
// call the index 0.
BlockTracker::CallKey ChoiceReader::key_for(View call, chat::Events& out) {
    const std::int64_t index = call["index"].integer().value_or(-1);
    const std::string_view id = call["id"].text().escaped();
    const bool named =
        !call["function"]["name"].text().empty() || !call["function_call"]["name"].text().empty();
    const auto same = [&](const Call& known) {
        if (index < 0) return !id.empty() && known.id == id;
        if (known.index != index || !named) return known.index == index;
        if (!id.empty() && !known.id.empty()) return known.id == id;
        return !blocks_.call_complete(known.key);
    };
    const auto found = std::find_if(calls_.rbegin(), calls_.rend(), same);
    if (found != calls_.rend()) {
        if (found->id.empty()) found->id = id;
        return found->key;
    }
    if (index < 0 && !named && !calls_.empty()) return calls_.back().key;
    calls_.push_back({index, std::string(id), blocks_.begin_call(out)});
    return calls_.back().key;
}

void ChoiceReader::read_call(View call, chat::Events& out) {
    const BlockTracker::CallKey key = key_for(call, out);
    const View function = call["function"] ? call["function"] : call["function_call"];
    blocks_.call_id(key, call["id"].text());
    blocks_.call_name(key, function["name"].text());
    const View arguments = function["arguments"];
    if (arguments.is_string()) return blocks_.call_arguments(key, arguments.text(), out);
    if (!arguments.is_object()) return;
    // Some servers send the arguments as an object.
    std::string escaped;
    json::escape_to(escaped, arguments.raw());
    blocks_.call_arguments(key, Text::from_escaped(arena_.keep(escaped)), out);
}

void ChoiceReader::read_annotations(View annotations) {
    for (const View annotation : annotations.elements()) {
        const View citation = annotation["url_citation"];
        if (citation.is_object()) add_hit(citation["url"].text(), citation["title"].text());
    }
}

// Groq (groq-python, types/chat/chat_completion_message.py).
void ChoiceReader::read_executed_tools(View tools) {
    for (const View tool : tools.elements()) {
        add_hits(tool["search_results"]["results"]);
        add_hits(tool["browser_results"]);
    }
}

// Z.ai calls a page's address `link` (docs.z.ai, "Chat completion", web_search).
void ChoiceReader::add_hits(View list) {
    for (const View item : list.elements())
        add_hit(item["link"] ? item["link"].text() : item["url"].text(), item["title"].text());
}

void ChoiceReader::add_hit(Text url, Text title) {
    if (url.empty()) return;
    std::pair<std::string, std::string> hit(url.escaped(), title.escaped());
    if (std::ranges::find(hits_, hit) == hits_.end()) hits_.push_back(std::move(hit));
}

namespace {

// Names beyond the API reference: Mistral (model_length), Gemini's compatible server (its own
// names), DeepSeek (insufficient_system_resource), OpenRouter and Mistral (error), vLLM and SGLang
// (abort), Z.ai (sensitive, model_context_window_exceeded, network_error).
constexpr auto kFinishReasons = std::to_array<std::pair<std::string_view, StopReason>>({
    {"length", StopReason::max_tokens},
    {"max_tokens", StopReason::max_tokens},
    {"model_length", StopReason::max_tokens},
    {"tool_calls", StopReason::tool_use},
    {"function_call", StopReason::tool_use},
    {"content_filter", StopReason::refusal},
    {"safety", StopReason::refusal},
    {"refusal", StopReason::refusal},
    {"prohibited_content", StopReason::refusal},
    {"sensitive", StopReason::refusal},
    {"model_context_window_exceeded", StopReason::context_exceeded},
});
constexpr auto kFailures = std::to_array<std::string_view>(
    {"error", "abort", "insufficient_system_resource", "malformed_function_call", "network_error"});

StopReason reason_of(std::string_view name) {
    for (const auto& [known, reason] : kFinishReasons) {
        if (known == name) return reason;
    }
    return StopReason::end_turn;
}

}  // namespace

void ChoiceReader::read_finish(View choice) {
    const View reason = choice["finish_reason"];
    if (!reason.is_string() || reason.text().empty()) return;
    const std::string name = lower_case(reason.text().decode());
    if (std::ranges::find(kFailures, name) != kFailures.end()) failure_ = name;
    finish_ = reason_of(name);
    if (const View matched = choice["stop_reason"];
        matched.is_string() && finish_ == StopReason::end_turn) {
        finish_ = StopReason::stop_sequence;
        stop_sequence_ = matched.text().escaped();
    }
}

chat::Finished ChoiceReader::finish(chat::Events& out) {
    if (!hits_.empty()) {
        const std::string id = new_id("srvtoolu_");
        chat::WebSearch search;
        search.id = Text::from_escaped(id);
        for (const auto& [url, title] : hits_)
            search.hits.push_back({Text::from_escaped(url), Text::from_escaped(title)});
        blocks_.web_search(search, out);
    }
    blocks_.finish(out);
    chat::Finished finished{finish_.value_or(StopReason::end_turn),
                            Text::from_escaped(stop_sequence_)};
    // Servers disagree on the reason beside a call: what counts is whether there was one.
    if (blocks_.had_calls() && finished.reason == StopReason::end_turn)
        finished.reason = StopReason::tool_use;
    if (!blocks_.had_calls() && finished.reason == StopReason::tool_use)
        finished.reason = StopReason::end_turn;
    if (refused_) finished.reason = StopReason::refusal;
    return finished;
}

chat::Usage decode_usage(View usage) {
    chat::Usage out;
    const View prompt = usage["prompt_tokens_details"];
    out.cache_read = prompt["cached_tokens"].integer();
    if (!out.cache_read)
        out.cache_read = usage["prompt_cache_hit_tokens"].integer();  // DeepSeek's older name
    if (!out.cache_read) out.cache_read = usage["cached_tokens"].integer();  // Moonshot
    out.cache_write = prompt["cache_write_tokens"].integer();                // OpenRouter
    out.output = usage["completion_tokens"].integer();
    out.reasoning = usage["completion_tokens_details"]["reasoning_tokens"].integer();
    if (const auto whole = usage["prompt_tokens"].integer()) {
        out.input = std::max<std::int64_t>(
            0, *whole - out.cache_read.value_or(0) - out.cache_write.value_or(0));
    }
    return out;
}

}  // namespace ccr::wire::openai_chat
