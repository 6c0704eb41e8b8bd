#include "wire/gemini/response_reader.h"

#include <algorithm>

#include "base/ids.h"
#include "wire/gemini/finish_reasons.h"
#include "wire/gemini/names.h"
#include "wire/gemini/parts_decode.h"

namespace ccr::wire::gemini {

using chat::StopReason;
using json::Text;
using json::View;

chat::Provenance ResponseReader::from() const {
    return {Protocol::gemini, Text::from_escaped(provider_), {}};
}

void ResponseReader::read(View response, chat::Events& out) {
    for (const View candidate : response["candidates"].elements()) {
        read_candidate(candidate, out);
        break;  // one answer was asked for
    }
    read_feedback(field(response, "promptFeedback"));
    if (const View usage = field(response, "usageMetadata"); usage.is_object())
        out.emplace_back(chat::UsageReport{decode_usage(usage)});
}

void ResponseReader::read_candidate(View candidate, chat::Events& out) {
    for (const View part : candidate["content"]["parts"].elements()) read_part(part, out);
    read_grounding(field(candidate, "groundingMetadata"));
    read_finish(candidate);
}

void ResponseReader::read_part(View part, chat::Events& out) {
    if (field(part, "functionCall")) return read_call(part, out);
    if (part["text"].is_string()) return read_text(part, out);
    // A signature alone, or what was not yet known when this was written.
    const bool bears = field(part, "executableCode") || field(part, "codeExecutionResult") ||
                       field(part, "inlineData") || field(part, "fileData");
    if (!bears) return;
    blocks_.opaque(*opaque_part(part, arena_).as<chat::Opaque>(), out);
    last_ = Last::other;
}

// Signatures on text are Google's advice, not its demand (thought-signatures, "Non-functionCall
// parts"). One that ends a text is left out: as a block of its own behind the answer it would hide
// the answer from clients that read the last block.
void ResponseReader::read_text(View part, chat::Events& out) {
    const Text text = part["text"].text();
    const Text signature = field(part, "thoughtSignature").text();
    if (part["thought"].boolean().value_or(false)) {
        blocks_.reasoning(text, from(), out);
        blocks_.seal(signature, from(), out);
        if (!text.empty() || !signature.empty()) last_ = Last::reasoning;
        return;
    }
    const bool leads = last_ == Last::reasoning || (last_ != Last::text && !text.empty());
    if (!signature.empty() && leads) blocks_.seal(signature, from(), out);
    if (text.empty()) return;
    blocks_.text(text, out);
    last_ = Last::text;
}

// The signature of a call becomes the seal of the reasoning right before it, empty where there is
// none: so it goes through every client and comes back to its call.
void ResponseReader::read_call(View part, chat::Events& out) {
    const View call = field(part, "functionCall");
    const Text name = call["name"].text();
    if (name.empty()) return;
    blocks_.seal(field(part, "thoughtSignature").text(), from(), out);
    const BlockTracker::CallKey key = blocks_.begin_call(out);
    blocks_.call_id(key, call["id"].text());
    blocks_.call_name(key, name);
    const View arguments = call["args"];
    std::string escaped;
    json::escape_to(escaped, arguments.is_object() ? arguments.raw() : std::string_view("{}"));
    blocks_.call_arguments(key, Text::from_escaped(arena_.keep(escaped)), out);
    last_ = Last::other;
}

// GroundingMetadata: the queries, and of each source its address and title.
void ResponseReader::read_grounding(View grounding) {
    for (const View query : field(grounding, "webSearchQueries").elements()) {
        const std::string_view text = query.text().escaped();
        if (text.empty() || query_.find(text) != std::string::npos) continue;
        if (!query_.empty()) query_ += "; ";
        query_ += text;
    }
    for (const View chunk : field(grounding, "groundingChunks").elements()) {
        const View web = chunk["web"];
        if (!web.is_object()) continue;
        std::pair<std::string, std::string> hit(web["uri"].text().escaped(),
                                                web["title"].text().escaped());
        if (std::ranges::find(hits_, hit) == hits_.end()) hits_.push_back(std::move(hit));
    }
}

void ResponseReader::read_finish(View candidate) {
    const Text reason = field(candidate, "finishReason").text();
    if (reason.empty() || reason.equals("FINISH_REASON_UNSPECIFIED")) return;
    const std::string name = reason.decode();
    if (const auto stop = stop_reason_of(name)) {
        finish_ = stop;
        return;
    }
    failure_ = name;
    failure_message_ = field(candidate, "finishMessage").text().decode();
}

// A blocked prompt has no candidates (docs: "PromptFeedback").
void ResponseReader::read_feedback(View feedback) {
    const Text reason = field(feedback, "blockReason").text();
    if (!reason.empty() && !reason.equals("BLOCK_REASON_UNSPECIFIED"))
        finish_ = StopReason::refusal;
}

chat::Finished ResponseReader::finish(chat::Events& out) {
    if (!hits_.empty()) {
        const std::string id = new_id("srvtoolu_");
        chat::WebSearch search;
        search.id = Text::from_escaped(id);
        search.query = Text::from_escaped(query_);
        for (const auto& [url, title] : hits_)
            search.hits.push_back({Text::from_escaped(url), Text::from_escaped(title)});
        blocks_.web_search(search, out);
    }
    blocks_.finish(out);
    chat::Finished finished{finish_.value_or(StopReason::end_turn), {}};
    // STOP stands beside calls too.
    if (blocks_.had_calls() && finished.reason == StopReason::end_turn)
        finished.reason = StopReason::tool_use;
    return finished;
}

// UsageMetadata: the prompt counts what was cached, the candidates leave thoughts out.
chat::Usage decode_usage(View usage) {
    chat::Usage out;
    out.cache_read = field(usage, "cachedContentTokenCount").integer();
    out.reasoning = field(usage, "thoughtsTokenCount").integer();
    if (const auto candidates = field(usage, "candidatesTokenCount").integer())
        out.output = *candidates + out.reasoning.value_or(0);
    else if (out.reasoning)
        out.output = out.reasoning;
    if (const auto prompt = field(usage, "promptTokenCount").integer()) {
        const auto tools = field(usage, "toolUsePromptTokenCount").integer().value_or(0);
        out.input = std::max<std::int64_t>(0, *prompt + tools - out.cache_read.value_or(0));
    }
    return out;
}

}  // namespace ccr::wire::gemini
