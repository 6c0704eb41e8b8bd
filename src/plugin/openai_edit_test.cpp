// The two laws of the lens, over the recorded requests of every client and random ones of every
// protocol: what is not touched is not changed, and what is edited is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugin/meaning.h"
#include "plugin/openai_edit.h"
#include "wire/client_requests_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::plugin {
namespace {

using Model = nlohmann::ordered_json;
using wire::kProtocols;

struct Sample {
    std::string name;
    Protocol protocol;
    std::string body;
};

std::vector<Sample> samples() {
    std::vector<Sample> out;
    for (const wire::ClientRequests& client : wire::client_requests()) {
        for (auto& [name, body] : wire::recorded_requests(client))
            out.push_back({fmt::format("{}/{}", client.name, name), client.protocol, body});
    }
    EXPECT_GT(out.size(), 50u);
    json::Random r(7);
    for (int i = 0; i < 120; ++i) {
        const Protocol protocol = r.pick(kProtocols);
        out.push_back({fmt::format("random {}", i), protocol, wire::random_request(protocol, r)});
    }
    return out;
}

/// As a request to a provider of each protocol: all that the hub holds comes out in one of them.
std::string on_every_wire(const chat::Conversation& conversation) {
    std::string out;
    for (const Protocol protocol : kProtocols) {
        const wire::Codec& codec = *wire::codec_of(protocol);
        wire::Target target = wire::test_target(protocol);
        target.cache_marks = true;
        const wire::Encoded encoded = codec.encode_request(conversation, target);
        out += encoded.body + "\n";
        for (const chat::Loss& loss : encoded.losses)
            out += fmt::format("{} {} {}\n", loss.where, loss.what, loss.why);
    }
    return out;
}

/// What JavaScript makes of a text that it parses and writes again.
std::string through_javascript(std::string_view text) {
    return Model::parse(text).dump(-1, ' ', true, Model::error_handler_t::replace);
}

/// The beginning of what differs, to be read by a person.
std::string difference(const std::string& a, const std::string& b) {
    const auto [at, other] = std::ranges::mismatch(a, b);
    const auto begin = static_cast<std::size_t>(std::max<long>(0, at - a.begin() - 100));
    if (at == a.end() && other == b.end()) return {};
    return fmt::format("{}\n  against\n{}", a.substr(begin, 400), b.substr(begin, 400));
}

std::string meaning(const std::string& text) {
    json::Document document;
    const auto root = document.parse(text);
    return root ? meaning_of(*root) : "no JSON: " + text;
}

TEST(OpenAiLens, WhatIsNotTouchedIsNotChanged) {
    for (const Sample& sample : samples()) {
        const wire::DecodedRequest request(*wire::codec_of(sample.protocol), sample.body);
        if (!request.conversation) continue;
        const OpenAiView view = view_of(*request.conversation, "the-model");
        const auto out = edited(*request.conversation, view, through_javascript(view.text));
        ASSERT_TRUE(out) << sample.name << out.error().message;
        ASSERT_EQ(
            difference(on_every_wire(out->conversation), on_every_wire(*request.conversation)), "")
            << sample.name;
        ASSERT_EQ(out->model, "the-model");
        ASSERT_TRUE(out->members.empty()) << sample.name << out->members.front().pointer;
    }
}

Model text_part(json::Random& r) {
    return {{"type", "text"}, {"text", fmt::format("edited {}", r.below(1000))}};
}

Model said(std::string_view role, std::string_view text) {
    return {{"role", role}, {"content", text}};
}

/// Not the prompt's: a new prompt before an edited one takes its place, and its mark.
Model& words_of(Model& message) {
    static Model none;
    return message["role"] == "system" ? none = Model() : message["content"];
}

/// What a script may do to a request in the words of Chat.
void edit_somehow(Model& request, json::Random& r) {
    Model& messages = request["messages"];
    const auto at = [&] { return messages.begin() + static_cast<long>(r.below(messages.size())); };
    switch (r.below(11)) {
        case 0:
            messages.insert(messages.begin(), said("system", "Be kind."));
            return;
        case 1:
            messages.push_back(said("user", "And now?"));
            return;
        case 2:
            if (messages.size() > 1) messages.erase(at());
            return;
        case 3: {
            Model& message = *at();
            if (message["content"].is_array())
                message["content"].push_back(text_part(r));
            else
                message["content"] = fmt::format("edited {}", r.below(1000));
            return;
        }
        case 4: {
            Model& message = *at();
            if (message["content"].is_array() && message["content"].size() > 1)
                message["content"].erase(0);
            return;
        }
        case 5:
            request["temperature"] = 0.5;
            request["max_tokens"] = 77;
            return;
        case 6:
            request["tools"].push_back({{"type", "function"},
                                        {"function",
                                         {{"name", "added"},
                                          {"description", "d"},
                                          {"parameters", {{"type", "object"}}}}}});
            return;
        case 7:
            if (request.contains("tools") && request["tools"].size() > 1) request["tools"].erase(0);
            return;
        case 8: {
            Model& content = words_of(*at());
            if (content.is_array()) content.insert(content.begin(), text_part(r));
            return;
        }
        case 9: {
            Model& content = words_of(*at());
            if (content.is_array() && content.size() > 1) std::ranges::reverse(content);
            return;
        }
        default:
            messages.push_back(said("assistant", "Hm."));
            request["stop"] = {"END"};
    }
}

void add_parts(Model& to, const Model& content) {
    if (content.is_string()) to.push_back({{"type", "text"}, {"text", content}});
    if (content.is_array()) to.insert(to.end(), content.begin(), content.end());
}

/// A text alone and a list of one text are the same, whoever's mark it has taken over, and opening
/// system messages are one prompt.
std::string in_one_form(Model request) {
    Model& messages = request["messages"];
    Model prompt = Model::array();
    while (!messages.empty() && messages[0]["role"] == "system") {
        add_parts(prompt, messages[0]["content"]);
        messages.erase(0);
    }
    for (Model& message : messages) {
        Model& content = message["content"];
        if (content.is_array() && content.size() == 1 && content[0]["type"] == "text")
            content = Model(content[0]["text"]);
    }
    request["prompt"] = prompt;
    return meaning(request.dump());
}

TEST(OpenAiLens, WhatIsEditedIsThere) {
    json::Random r(11);
    for (const Sample& sample : samples()) {
        const wire::DecodedRequest request(*wire::codec_of(sample.protocol), sample.body);
        if (!request.conversation) continue;
        const OpenAiView view = view_of(*request.conversation, "the-model");
        Model wanted = Model::parse(view.text);
        for (std::size_t edits = 1 + r.below(4); edits > 0; --edits) edit_somehow(wanted, r);
        const std::string after = wanted.dump();
        const auto out = edited(*request.conversation, view, after);
        ASSERT_TRUE(out) << sample.name << out.error().message;
        const OpenAiView again = view_of(out->conversation, out->model);
        ASSERT_EQ(difference(in_one_form(Model::parse(again.text)), in_one_form(wanted)), "")
            << sample.name;
    }
}

// One edit far away leaves every other part what it was.
TEST(OpenAiLens, OnlyWhatIsEditedIsDecodedAgain) {
    const std::string body = R"({"model":"m","max_tokens":9,"system":[
        {"type":"text","text":"A","cache_control":{"type":"ephemeral"}}],"messages":[
        {"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":
          "application/pdf","data":"QUJD"},"title":"t","citations":{"enabled":true}},
          {"type":"text","text":"Read it."}]},
        {"role":"assistant","content":[{"type":"thinking","thinking":"T","signature":"SIG"},
          {"type":"redacted_thinking","data":"RED"},{"type":"text","text":"one"},
          {"type":"tool_use","id":"t1","name":"f","input":{"a":1.0}},
          {"type":"text","text":"two"}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,
          "content":"no"},{"type":"text","text":"Go on."}]}]})";
    const wire::DecodedRequest request(*wire::codec_of(Protocol::anthropic), body);
    ASSERT_TRUE(request.conversation);
    const OpenAiView view = view_of(*request.conversation, "m");
    Model after = Model::parse(view.text);
    after["messages"][1]["content"][1]["text"] = "Read it well.";
    after["messages"][2]["content"][1]["text"] = "TWO";
    after["messages"][3]["content"] = "nothing";
    after["service_tier"] = "flex";
    const auto out = edited(*request.conversation, view, after.dump());
    ASSERT_TRUE(out) << out.error().message;
    const auto encoded =
        wire::codec_of(Protocol::anthropic)->encode_request(out->conversation, wire::kTestTarget);
    Model wanted = Model::parse(wire::codec_of(Protocol::anthropic)
                                    ->encode_request(*request.conversation, wire::kTestTarget)
                                    .body);
    wanted["messages"][0]["content"][1]["text"] = "Read it well.";
    wanted["messages"][1]["content"][4]["text"] = "TWO";
    wanted["messages"][2]["content"][0]["content"][0]["text"] = "nothing";
    const Model got = Model::parse(encoded.body);
    EXPECT_EQ(meaning(got.dump()), meaning(wanted.dump())) << got.dump(1);
    ASSERT_EQ(out->members.size(), 1u);
    EXPECT_EQ(out->members[0].pointer, "/service_tier");
}

// Results stay where their calls are answered; what a script puts first among a user's words is
// the first of them, and words stand as it ordered them.
TEST(OpenAiLens, PartsStandInTheOrderOfTheScriptBehindTheResults) {
    const std::string body = R"({"model":"m","max_tokens":9,"messages":[
        {"role":"user","content":"Go."},
        {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}},
          {"type":"tool_use","id":"t2","name":"f","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"1"},
          {"type":"tool_result","tool_use_id":"t2","content":"2"},
          {"type":"text","text":"A"},{"type":"text","text":"B"}]}]})";
    const wire::DecodedRequest request(*wire::codec_of(Protocol::anthropic), body);
    const OpenAiView view = view_of(*request.conversation, "m");
    Model after = Model::parse(view.text);
    Model& words = after["messages"].back()["content"];
    std::ranges::reverse(words);
    const Model first = {{"type", "text"}, {"text", "first"}};
    words.insert(words.begin(), first);
    const auto out = edited(*request.conversation, view, after.dump());
    ASSERT_TRUE(out) << out.error().message;
    std::string order;
    for (const chat::Part& part : out->conversation.turns.back().parts) {
        if (const auto* result = part.as<chat::ToolResult>()) order += result->call_id.decode();
        if (const auto* prose = part.as<chat::Prose>()) order += prose->text.decode();
        order += ' ';
    }
    EXPECT_EQ(order, "t1 t2 first B A ");
}

TEST(OpenAiLens, WhatChatDoesNotKnowNamesItsPlace) {
    const wire::DecodedRequest request(
        *wire::codec_of(Protocol::anthropic),
        R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]})");
    const OpenAiView view = view_of(*request.conversation, "m");
    Model after = Model::parse(view.text);
    after["messages"][1] = {{"role", "owl"}, {"content", "hu"}};
    const auto out = edited(*request.conversation, view, after.dump());
    ASSERT_FALSE(out);
    EXPECT_EQ(out.error().kind, ErrorKind::config);
    EXPECT_NE(out.error().message.find("messages[1].role"), std::string::npos)
        << out.error().message;
}

}  // namespace
}  // namespace ccr::plugin
