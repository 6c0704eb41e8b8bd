#include "adapt/adapt_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "chat/fold.h"
#include "chat/grammar.h"
#include "config/loader.h"
#include "wire/codec.h"

namespace ccr::adapt::fixture {

config::Provider provider(std::string_view json5) {
    const auto nothing = [](std::string_view) -> std::optional<std::string> { return {}; };
    auto config =
        config::parse_config(fmt::format("{{Providers: [{}], Router: {{default: 'p,m'}}}}", json5),
                             "test.json", nothing);
    if (!config) {
        ADD_FAILURE() << config.error().message;
        return {};
    }
    for (const config::Finding& finding : config->findings)
        ADD_FAILURE() << to_string(finding) << "\n" << json5;
    return config->providers.at(0);
}

Request::Request(std::string text, Protocol speaks) : protocol(speaks), body(std::move(text)) {
    auto parsed = document.parse(body);
    if (!parsed) {
        ADD_FAILURE() << parsed.error().message << body;
        return;
    }
    root = *parsed;
    auto decoded = wire::codec_of(protocol)->decode_request(root, {});
    if (decoded)
        conversation = std::move(*decoded);
    else
        ADD_FAILURE() << decoded.error().message;
}

namespace {

wire::Target target_of(const config::Provider& provider, const Request& request,
                       std::string_view model) {
    const config::Traits traits = config::traits_of(provider, model);
    wire::Target target{provider.name, model, provider.base_url, provider.api_key,
                        request.conversation.stream};
    target.cache_marks = traits.cache_marks.value_or(false);
    target.cache_key = traits.cache_key.value_or(false);
    return target;
}

Plan plan_of(const config::Provider& provider, const Request& request, std::string_view model) {
    return Plan(provider, model, request.conversation,
                request.conversation.extras.from == speaks(provider, model));
}

void check_grammar(chat::GrammarGuard& guard, const chat::Events& events) {
    for (const chat::StreamEvent& event : events) EXPECT_EQ(guard.check(event), "");
}

}  // namespace

std::string sent(const config::Provider& provider, const Request& request, std::string_view model) {
    const wire::Codec& codec = *wire::codec_of(speaks(provider, model));
    const wire::Target target = target_of(provider, request, model);
    Plan plan = plan_of(provider, request, model);
    const bool same = request.conversation.extras.from == codec.protocol;
    if (same && !plan.needs_hub())
        return plan.patched(codec.splice_request(request.root, target).body).take();
    return plan.patched(codec.encode_request(plan.request(request.conversation), target).body);
}

chat::Losses losses(const config::Provider& provider, const Request& request,
                    std::string_view model) {
    const wire::Codec& codec = *wire::codec_of(speaks(provider, model));
    Plan plan = plan_of(provider, request, model);
    chat::Losses out =
        codec
            .encode_request(plan.request(request.conversation), target_of(provider, request, model))
            .losses;
    out.insert(out.end(), plan.losses().begin(), plan.losses().end());
    return out;
}

chat::Reply streamed(const config::Provider& provider, const Request& request,
                     const std::vector<std::string>& chunks, std::size_t piece) {
    const wire::Codec& codec = *wire::codec_of(Protocol::openai_chat);
    const wire::Target target = target_of(provider, request, "m");
    auto asked = std::make_unique<Request>(request.body, request.protocol);
    Plan plan = plan_of(provider, *asked, "m");
    plan.request(asked->conversation);
    asked.reset();
    const auto decoder = codec.open_decoder(target);
    net::SseParser parser;
    chat::GrammarGuard guard;
    chat::Fold fold;
    chat::Events events;
    const auto pass = [&] {
        plan.answer(events);
        check_grammar(guard, events);
        for (const chat::StreamEvent& event : events) fold.feed(event);
        events.clear();
    };
    const auto on_message = [&](const net::SseMessage& message) {
        decoder->feed(message, events);
        pass();
    };
    std::string bytes;
    for (const std::string& one : chunks) bytes += "data: " + one + "\n\n";
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        parser.feed(std::string_view(bytes).substr(at, piece), on_message);
    parser.finish(on_message);
    decoder->finish(events);
    pass();
    EXPECT_TRUE(guard.ended());
    return fold.take();
}

chat::Reply whole(const config::Provider& provider, const Request& request, std::string_view body) {
    const wire::Codec& codec = *wire::codec_of(Protocol::openai_chat);
    Plan plan = plan_of(provider, request, "m");
    plan.request(request.conversation);
    auto reply = codec.decode_reply(body, target_of(provider, request, "m"));
    if (!reply) {
        ADD_FAILURE() << reply.error().message;
        return {};
    }
    plan.answer(*reply);
    return std::move(*reply);
}

std::string shown(const chat::Reply& reply) {
    std::string out;
    for (const chat::Part& part : reply.parts) {
        if (const auto* prose = part.as<chat::Prose>()) out += "text:" + prose->text.decode();
        if (const auto* thought = part.as<chat::Reasoning>())
            out += "thinking:" + thought->text.decode();
        if (const auto* call = part.as<chat::ToolCall>())
            out += "call:" + call->name.decode() + std::string(call->arguments);
        out += "|";
    }
    constexpr std::string_view kStops[] = {"end_turn", "max_tokens", "stop_sequence",   "tool_use",
                                           "refusal",  "pause",      "context_exceeded"};
    return out + std::string(kStops[static_cast<std::size_t>(reply.stop)]);
}

std::string chunk(std::string_view delta, std::string_view finish) {
    std::string reason = finish.empty() ? "null" : fmt::format("\"{}\"", finish);
    return fmt::format(
        R"({{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{{"index":0,"delta":{},"finish_reason":{}}}]}})",
        delta.empty() ? "{}" : delta, reason);
}

}  // namespace ccr::adapt::fixture
