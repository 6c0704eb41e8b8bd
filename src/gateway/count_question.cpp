#include "gateway/count_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "adapt/plan.h"
#include "gateway/authorization.h"
#include "gateway/target_wire.h"
#include "json/writer.h"

namespace ccr::gateway {
namespace {

using Format = config::CountEndpoint::Format;
using Names = std::span<const std::string_view>;

// What the questions may hold besides the model:
// platform.claude.com/docs/en/api/messages/count_tokens,
// developers.openai.com/api/reference/resources/responses/subresources/input_tokens,
// ai.google.dev/api/tokens (GenerateContentRequest).
constexpr auto kMessages = std::to_array<std::string_view>(
    {"model", "messages", "system", "tools", "tool_choice", "thinking"});
constexpr auto kResponses = std::to_array<std::string_view>(
    {"model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "reasoning",
     "text", "truncation", "previous_response_id", "conversation"});
constexpr auto kGemini = std::to_array<std::string_view>(
    {"contents", "systemInstruction", "tools", "toolConfig", "generationConfig"});
constexpr auto kChat = std::to_array<std::string_view>({"model", "messages", "tools"});
// What the reference sends.
constexpr auto kStandard = std::to_array<std::string_view>({"messages", "system", "tools"});

std::string encoded(const wire::Codec& codec, const Countable& request, adapt::Plan* plan) {
    const wire::Target target{request.provider.name, request.model, request.provider.base_url,
                              key_for_codec(request.provider), false};
    const bool same = request.client == codec.protocol;
    if (plan && plan->needs_hub())
        return codec.encode_request(plan->request(request.conversation), target).body;
    return same ? codec.splice_request(request.root, target).body.take()
                : codec.encode_request(request.conversation, target).body;
}

// Only what is asked for: Anthropic's endpoint refuses a request with more.
std::string only(const std::string& body, Names names, std::string_view first = {}) {
    std::string out;
    json::Writer w(out);
    w.open_object();
    if (!first.empty()) w.member("model", first);
    json::Document document;
    if (const auto root = document.parse(body)) {
        for (const auto& [key, value] : root->members()) {
            if (std::ranges::find(names, key.text().escaped()) != names.end())
                w.escaped_key(key.text()).raw(value.raw());
        }
    }
    w.close_object();
    return out;
}

std::string of_standard(const Countable& request) {
    const wire::Codec& codec = *wire::codec_of(Protocol::anthropic);
    return only(encoded(codec, request, nullptr), kStandard);
}

void add_texts(const std::vector<chat::Part>& parts, std::string& out) {
    for (const chat::Part& part : parts) {
        if (!out.empty()) out += ' ';
        if (const auto* prose = part.as<chat::Prose>()) prose->text.decode_to(out);
        if (const auto* thought = part.as<chat::Reasoning>()) thought->text.decode_to(out);
        if (const auto* call = part.as<chat::ToolCall>()) out += call->arguments;
        if (const auto* result = part.as<chat::ToolResult>()) add_texts(result->content, out);
    }
}

// Everything that is text, as the reference joins it.
std::string of_custom(const Countable& request) {
    std::string text;
    for (const chat::Turn& turn : request.conversation.turns) add_texts(turn.parts, text);
    for (const chat::Tool& tool : request.conversation.tools) {
        text += ' ';
        tool.name.decode_to(text);
        text += ' ';
        tool.description.decode_to(text);
        text += ' ';
        text += tool.schema;
    }
    std::string body;
    json::Writer(body).open_object().member("text", std::string_view(text)).close_object();
    return body;
}

// At the end of the path, before a query.
std::string with_suffix(std::string url, std::string_view suffix) {
    url.insert(std::min(url.find('?'), url.size()), suffix);
    return url;
}

std::optional<CountQuestion> of_provider(const Countable& request) {
    if (request.provider.platform != config::Platform::direct) return std::nullopt;
    const wire::Codec& codec = codec_for(request.provider, request.model);
    const wire::Target target{request.provider.name, request.model, request.provider.base_url,
                              key_for_codec(request.provider), false};
    adapt::Plan plan(request.provider, request.model, request.conversation,
                     request.client == codec.protocol);
    if (codec.protocol == Protocol::openai_chat) return std::nullopt;
    const wire::Endpoint endpoint = codec.endpoint(target);
    const std::string body = plan.patched(encoded(codec, request, &plan));
    CountQuestion out{endpoint.url, endpoint.headers, {}, "input_tokens", true};
    if (codec.protocol == Protocol::anthropic) {
        out.url = with_suffix(std::move(out.url), "/count_tokens");
        out.body = only(body, kMessages);
    } else if (codec.protocol == Protocol::openai_responses) {
        out.url = with_suffix(std::move(out.url), "/input_tokens");
        out.body = only(body, kResponses);
    } else {
        constexpr std::string_view kAnswer = ":generateContent";
        const std::size_t at = out.url.rfind(kAnswer);
        if (at == std::string::npos) return std::nullopt;
        out.url.replace(at, kAnswer.size(), ":countTokens");
        const std::string model = "models/" + request.model;
        json::Writer w(out.body);
        w.open_object().key("generateContentRequest").raw(only(body, kGemini, model));
        w.close_object();
        out.field = "totalTokens";
    }
    return out;
}

}  // namespace

std::optional<CountQuestion> count_question(const config::CountEndpoint& endpoint,
                                            const Countable& request) {
    if (endpoint.format == Format::provider) return of_provider(request);
    CountQuestion out{endpoint.url, {}, {}, endpoint.field};
    out.headers.add("content-type", "application/json");
    if (!endpoint.api_key.empty()) out.headers.add("authorization", "Bearer " + endpoint.api_key);
    for (const auto& [name, value] : endpoint.headers) out.headers.set(name, value);
    if (endpoint.format == Format::custom)
        out.body = of_custom(request);
    else if (endpoint.format == Format::openai)
        out.body = only(encoded(*wire::codec_of(Protocol::openai_chat), request, nullptr), kChat);
    else
        out.body = of_standard(request);
    return out;
}

Result<std::int64_t> counted_in(std::string_view answer, const std::string& field) {
    const std::string text(answer);
    json::Document document;
    const auto root = document.parse(text);
    json::View at = root ? *root : json::View();
    std::string_view rest = field;
    while (at && !rest.empty()) {
        const std::size_t dot = rest.find('.');
        at = at[rest.substr(0, dot)];
        rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    }
    const auto number = at ? at.integer() : std::nullopt;
    if (number && *number >= 0) return *number;
    return fail(ErrorKind::upstream_protocol, fmt::format("its answer has no number at {}", field));
}

}  // namespace ccr::gateway
