#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "json/writer.h"
#include "wire/openai_chat/client_side.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Conversation;
using chat::Part;

enum class Shown { everything, bodies };

// A conversation as text, one turn a line: "user: prose(hi) result(a: prose(ok))".
std::string describe(const std::vector<Part>& parts, Shown shown = Shown::everything);

struct Describe {
    std::string operator()(const chat::Prose& p) const {
        return fmt::format("prose({})", p.text.decode());
    }
    std::string operator()(const chat::Media& m) const {
        static constexpr const char* kKinds[] = {"image", "document", "audio"};
        static constexpr const char* kSources[] = {"base64", "url", "plain", "file"};
        return fmt::format("{}({} {} {}{})", kKinds[int(m.kind)], kSources[int(m.source)],
                           m.media_type.decode(), m.data.decode(),
                           m.title.empty() ? "" : " " + m.title.decode());
    }
    std::string operator()(const chat::ToolCall& c) const {
        return fmt::format("call({} {} {})", c.id.decode(), c.name.decode(), c.arguments);
    }
    std::string operator()(const chat::ToolResult& r) const {
        return fmt::format("result({}:{})", r.call_id.decode(), describe(r.content));
    }
    std::string operator()(const chat::Reasoning& r) const {
        std::string out = fmt::format("reasoning({}/{}: {}", name_of(r.from.protocol),
                                      r.from.field.decode(), r.text.decode());
        if (r.redacted) out += " redacted";
        if (!r.seal.empty()) out += " seal=" + r.seal.decode();
        if (!r.details.empty()) out += fmt::format(" details={}", r.details);
        return out + ")";
    }
    std::string operator()(const chat::WebSearch&) const { return "search"; }
    std::string operator()(const chat::Opaque& o) const {
        return fmt::format("opaque({} {} | {})", o.type.decode(), o.raw, o.stand_in.decode());
    }
};

std::string describe(const std::vector<Part>& parts, Shown shown) {
    std::string out;
    for (const Part& part : parts) {
        out += " " + std::visit(Describe{}, part.body);
        if (shown == Shown::bodies) continue;
        if (!part.cache.empty()) out += "*";
        for (const auto& [key, raw] : part.extras.members)
            out += fmt::format("+{}={}", key.decode(), raw);
    }
    return out;
}

std::string describe(const Conversation& c, Shown shown = Shown::everything) {
    static constexpr const char* kRoles[] = {"system", "user", "assistant"};
    std::string out;
    for (const chat::Turn& turn : c.turns) {
        out += fmt::format("{}:{}", kRoles[int(turn.role)], describe(turn.parts, shown));
        for (const auto& [key, raw] : turn.extras.members) {
            if (shown == Shown::everything) out += fmt::format(" +{}={}", key.decode(), raw);
        }
        out += "\n";
    }
    return out;
}

// Owns what a decoded conversation views.
struct Decoded {
    explicit Decoded(std::string text)
        : body(std::move(text)), root(document.parse(body)), result(decode_request(*root, {})) {}
    const Conversation& operator*() const { return *result; }
    const Conversation* operator->() const { return &*result; }
    std::string body;
    json::Document document;
    Result<json::View> root;
    Result<Conversation> result;
};

Decoded decode_body(std::string_view members) {
    return Decoded(
        fmt::format(R"({{"model":"m","messages":[{{"role":"user","content":"hi"}}]{}{}}})",
                    members.empty() ? "" : ",", members));
}

struct MessagesCase {
    const char* name;
    const char* messages;
    const char* expected;
};
void PrintTo(const MessagesCase& c, std::ostream* out) {
    *out << c.name;
}

class Messages : public testing::TestWithParam<MessagesCase> {};

TEST_P(Messages, BecomeTurns) {
    const Decoded decoded(fmt::format(R"({{"model":"m","messages":[{}]}})", GetParam().messages));
    ASSERT_TRUE(decoded.result) << decoded.result.error().message;
    EXPECT_EQ(describe(*decoded), GetParam().expected);
}

std::string sent_on(const Conversation& c) {
    return wire::codec_of(Protocol::openai_chat)->encode_request(c, {"p", "m", "", "", false}).body;
}

template <typename T>
std::ptrdiff_t count(const Conversation& c) {
    std::ptrdiff_t sum = 0;
    for (const chat::Turn& turn : c.turns) {
        sum += std::ranges::count_if(turn.parts,
                                     [](const Part& part) { return part.as<T>() != nullptr; });
    }
    return sum;
}

// Written to a provider and read again, a conversation keeps every call, result and picture; its
// turns may be joined, but only once: a second trip changes nothing.
TEST_P(Messages, SurviveTheWayToAProvider) {
    const Decoded first(
        fmt::format(R"({{"model":"m","messages":[{{"role":"user","content":"first"}},{}]}})",
                    GetParam().messages));
    ASSERT_TRUE(first.result);
    const Decoded second(sent_on(*first));
    ASSERT_TRUE(second.result) << second.body << second.result.error().message;
    EXPECT_EQ(count<chat::ToolCall>(*second), count<chat::ToolCall>(*first)) << second.body;
    EXPECT_EQ(count<chat::ToolResult>(*second), count<chat::ToolResult>(*first)) << second.body;
    const Decoded third(sent_on(*second));
    ASSERT_TRUE(third.result) << third.result.error().message;
    EXPECT_EQ(describe(*third, Shown::bodies), describe(*second, Shown::bodies)) << second.body;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Messages,
    testing::Values(MessagesCase{"roles",
                                 R"({"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","content":"u"},{"role":"assistant","content":"a","name":"n"})",
                                 "system: prose(s)\nsystem: prose(d)\nuser: prose(u)\nassistant: "
                                 "prose(a) +name=\"n\"\n"},
                    MessagesCase{
                        "parts",
                        R"({"role":"user","content":[{"type":"text","text":"a\nb","cache_control":{"type":"ephemeral"}},{"type":"image_url","image_url":{"url":"data:image\/png;base64,AA\/B","detail":"low"}},{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"input_audio","input_audio":{"data":"QQ","format":"mp3"}},{"type":"video_url","video_url":{}}]})",
                        "user: prose(a\nb)* image(base64 image/png AA/B)+detail=\"low\" image(url  "
                        "https://x/y.png) audio(base64 audio/mpeg QQ) opaque(video_url "
                        "{\"type\":\"video_url\",\"video_url\":{}} | )\n"},
                    MessagesCase{
                        "files",
                        R"({"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,JV","filename":"a.pdf"}},{"type":"file","file":{"file_data":"JV"}},{"type":"file","file":{"file_id":"f1"}}]})",
                        "user: document(base64 application/pdf JV a.pdf) document(base64 "
                        "application/pdf JV) document(file  f1)\n"},
                    MessagesCase{
                        "assistant order",
                        R"({"role":"assistant","content":"t","reasoning_content":"r","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\": \"\\\"x\\\"\"}"}}]})",
                        "assistant: reasoning(chat/reasoning_content: r) prose(t) call(1 f {\"a\": "
                        "\"\\\"x\\\"\"})\n"},
                    MessagesCase{
                        "arguments",
                        R"({"role":"assistant","content":null,"tool_calls":[{"id":"1","function":{"name":"f","arguments":""}},{"id":"2","function":{"name":"f","arguments":" "}},{"id":"3","function":{"name":"f","arguments":"{\"a\":"}},{"id":"4","function":{"name":"f","arguments":"[1]"}},{"id":"5","function":{"name":"f","arguments":{"o":1}}},{"id":"6","function":{"name":"f"}},{"id":"7","type":"custom","custom":{"name":"c","input":"ls"}}]})",
                        "assistant: call(1 f {}) call(2 f {}) call(3 f "
                        "{\"arguments\":\"{\\\"a\\\":\"}) call(4 f {\"arguments\":\"[1]\"}) call(5 "
                        "f {\"o\":1}) call(6 f {}) call(7 c {\"arguments\":\"ls\"})\n"},
                    MessagesCase{
                        "results share a user turn",
                        R"({"role":"tool","tool_call_id":"1","content":"a"},{"role":"tool","tool_call_id":"2","content":[{"type":"text","text":"b"}]},{"role":"user","content":"u"},{"role":"user","content":"v"})",
                        "user: result(1: prose(a)) result(2: prose(b)) prose(u)\nuser: prose(v)\n"},
                    MessagesCase{
                        "results end at others",
                        R"({"role":"tool","tool_call_id":"1","content":""},{"role":"assistant","content":"x"},{"role":"user","content":"u"},{"role":"tool","tool_call_id":"2","content":"b"})",
                        "user: result(1:)\nassistant: prose(x)\nuser: prose(u)\nuser: result(2: "
                        "prose(b))\n"},
                    MessagesCase{
                        "legacy function",
                        R"({"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"r"})",
                        "assistant: call(call_function_0 f {})\nuser: result(call_function_0: "
                        "prose(r))+name=\"f\"\n"},
                    MessagesCase{
                        "refusal",
                        R"({"role":"assistant","content":null,"refusal":"no"},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}],"refusal":null})",
                        "assistant: opaque(refusal {\"type\":\"refusal\",\"refusal\":\"no\"} | "
                        "no)\nassistant: opaque(refusal {\"type\":\"refusal\",\"refusal\":\"no\"} "
                        "| no)\n"},
                    MessagesCase{
                        "reasoning fields",
                        R"({"role":"assistant","content":"","reasoning":"r"},{"role":"assistant","content":"","thinking":{"content":"t","signature":"s"}},{"role":"assistant","content":"","reasoning":"r","reasoning_details":[{"type":"reasoning.summary","summary":"r"}]},{"role":"assistant","content":"","reasoning_details":[{"type":"reasoning.text","text":"a"},{"type":"reasoning.summary","summary":"b"}]})",
                        "assistant: reasoning(chat/reasoning: r)\nassistant: "
                        "reasoning(chat/thinking: t seal=s)\nassistant: reasoning(chat/reasoning: "
                        "r "
                        "details=[{\"type\":\"reasoning.summary\",\"summary\":\"r\"}])\nassistant: "
                        "reasoning(chat/reasoning_details: ab "
                        "details=[{\"type\":\"reasoning.text\",\"text\":\"a\"},{\"type\":"
                        "\"reasoning.summary\",\"summary\":\"b\"}])\n"},
                    MessagesCase{
                        "sealed reasoning",
                        R"({"role":"assistant","content":"x","reasoning_content":"r","reasoning_details":[{"type":"reasoning.text","signature":"S","format":"anthropic-claude-v1"},{"type":"reasoning.encrypted","data":"D","format":"anthropic-claude-v1"}]},{"role":"assistant","content":"x","reasoning_content":"r1r2","reasoning_details":[{"type":"reasoning.text","signature":"S","format":"anthropic-claude-v1"},{"type":"reasoning.text","signature":"T","format":"anthropic-claude-v1"}]},{"role":"assistant","reasoning_content":"r1r2","reasoning_details":[{"type":"reasoning.text","text":"r1","signature":"S","format":"anthropic-claude-v1"},{"type":"reasoning.text","text":"r2","signature":"T","format":"anthropic-claude-v1"}]})",
                        "assistant: reasoning(anthropic/: r seal=S) reasoning(anthropic/:  "
                        "redacted seal=D) prose(x)\nassistant: reasoning(chat/reasoning_content: "
                        "r1r2) prose(x)\nassistant: reasoning(anthropic/: r1 seal=S) "
                        "reasoning(anthropic/: r2 seal=T)\n"}));

struct ErrorCase {
    const char* body;
    const char* message;
};
void PrintTo(const ErrorCase& c, std::ostream* out) {
    *out << c.body;
}
class Refused : public testing::TestWithParam<ErrorCase> {};

TEST_P(Refused, NamesTheMember) {
    const Decoded decoded(GetParam().body);
    ASSERT_TRUE(decoded.root);
    ASSERT_FALSE(decoded.result);
    EXPECT_EQ(decoded.result.error().kind, ErrorKind::invalid_request);
    EXPECT_EQ(decoded.result.error().status, 400);
    EXPECT_TRUE(decoded.result.error().message.starts_with(GetParam().message))
        << decoded.result.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Refused,
    testing::Values(
        ErrorCase{"[]", "body: "}, ErrorCase{R"({"messages":[]})", "model: "},
        ErrorCase{R"({"model":"m"})", "messages: "},
        ErrorCase{R"({"model":"m","messages":[]})", "messages: "},
        ErrorCase{R"({"model":"m","messages":{}})", "messages: "},
        ErrorCase{R"({"model":"m","messages":[1]})", "messages[0]: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"x"}]})", "messages[0].role: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user"}]})", "messages[0].content: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":5}]})",
                  "messages[0].content: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":["x"]}]})",
                  "messages[0].content[0]: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":[{}]}]})",
                  "messages[0].content[0].type: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]})",
                  "messages[0].content[0].text: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]})",
                  "messages[0].content[0].image_url.url: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"tool","content":"x"}]})",
                  "messages[0].tool_call_id: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"function","content":"x"}]})",
                  "messages[0]: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"assistant","tool_calls":{}}]})",
                  "messages[0].tool_calls: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"1"}]}]})",
                  "messages[0].tool_calls[0].function: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"tools":{}})",
                  "tools: "},
        ErrorCase{
            R"({"model":"m","messages":[{"role":"user","content":"u"}],"tools":[{"type":"function","function":{}}]})",
            "tools[0].function.name: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"tool_choice":"x"})",
                  "tool_choice: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"max_tokens":"9"})",
                  "max_tokens: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"max_tokens":1.5})",
                  "max_tokens: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"temperature":"hot"})",
                  "temperature: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"stop":[1]})",
                  "stop: "},
        ErrorCase{R"({"model":"m","messages":[{"role":"user","content":"u"}],"stream":"yes"})",
                  "stream: "},
        ErrorCase{
            R"({"model":"m","messages":[{"role":"user","content":"u"}],"response_format":{"type":"xml"}})",
            "response_format.type: "}));

TEST(RequestDecode, ReadsSettings) {
    const Decoded d = decode_body(
        R"("max_tokens":5,"max_completion_tokens":7,"temperature":0.5,"top_p":1,"stop":["a","b"],
        "stream":true,"stream_options":{"include_usage":true},"reasoning_effort":"high","user":"u1","seed":3,"logprobs":null,
        "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object"}}})");
    ASSERT_TRUE(d.result) << d.result.error().message;
    EXPECT_EQ(d->sampling.max_tokens, 7);
    EXPECT_EQ(d->sampling.temperature, 0.5);
    EXPECT_EQ(d->sampling.top_p, 1.0);
    ASSERT_EQ(d->sampling.stop.size(), 2u);
    EXPECT_TRUE(d->stream);
    EXPECT_EQ(d->effort, chat::Effort::high);
    EXPECT_TRUE(d->user_id.equals("u1"));
    ASSERT_TRUE(d->format);
    EXPECT_EQ(d->format->schema, R"({"type":"object"})");
    EXPECT_TRUE(d->format->name.equals("n"));
    ASSERT_EQ(d->extras.members.size(), 1u);
    EXPECT_TRUE(d->extras.members[0].first.equals("seed"));
    EXPECT_EQ(d->extras.from, Protocol::openai_chat);
}

TEST(RequestDecode, OlderMaxTokensNeverOverrules) {
    EXPECT_EQ(decode_body(R"("max_completion_tokens":7,"max_tokens":5)")->sampling.max_tokens, 7);
    EXPECT_EQ(decode_body(R"("max_tokens":5,"max_completion_tokens":7)")->sampling.max_tokens, 7);
    EXPECT_EQ(decode_body(R"("max_tokens":5)")->sampling.max_tokens, 5);
    EXPECT_EQ(decode_body(R"("max_tokens":null)")->sampling.max_tokens, std::nullopt);
}

TEST(RequestDecode, ReadsThinkingOfTheDialects) {
    EXPECT_EQ(decode_body(R"("reasoning":{"effort":"low"})")->effort, chat::Effort::low);
    EXPECT_EQ(decode_body(R"("reasoning":{"max_tokens":2000})")->thinking->budget_tokens, 2000);
    EXPECT_EQ(decode_body(R"("reasoning":{"enabled":false})")->thinking->mode,
              chat::Thinking::Mode::off);
    EXPECT_EQ(decode_body(R"("thinking":{"type":"disabled"})")->thinking->mode,
              chat::Thinking::Mode::off);
    EXPECT_EQ(decode_body(R"("thinking":{"type":"enabled"})")->thinking->mode,
              chat::Thinking::Mode::adaptive);
    EXPECT_FALSE(decode_body("")->thinking);
}

constexpr const char* kTools =
    R"("tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}},
    {"type":"function","name":"flat","parameters":{}},{"type":"web_search","web_search":{}}])";

TEST(RequestDecode, ReadsTools) {
    const Decoded d = decode_body(kTools);
    ASSERT_TRUE(d.result) << d.result.error().message;
    ASSERT_EQ(d->tools.size(), 3u);
    EXPECT_TRUE(d->tools[0].name.equals("f"));
    EXPECT_EQ(d->tools[0].schema, R"({"type":"object"})");
    EXPECT_EQ(d->tools[0].strict, true);
    EXPECT_TRUE(d->tools[0].server_type.empty());
    EXPECT_TRUE(d->tools[1].name.equals("flat"));
    EXPECT_TRUE(d->tools[2].server_type.equals("web_search"));
    EXPECT_EQ(d->tools[2].raw, R"({"type":"web_search","web_search":{}})");
    EXPECT_EQ(d->tools[2].extras.from, Protocol::openai_chat);
}

TEST(RequestDecode, ReadsEveryToolChoice) {
    const auto mode = [](const char* members) {
        return decode_body(std::string(kTools) + "," + members)->tool_choice->mode;
    };
    EXPECT_EQ(mode(R"("tool_choice":"auto")"), chat::ToolMode::automatic);
    EXPECT_EQ(mode(R"("tool_choice":"none")"), chat::ToolMode::none);
    EXPECT_EQ(mode(R"("tool_choice":"required")"), chat::ToolMode::required);
    EXPECT_EQ(mode(R"("function_call":{"name":"f"})"), chat::ToolMode::named);
    const Decoded named = decode_body(
        R"("tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false)");
    EXPECT_EQ(named->tool_choice->mode, chat::ToolMode::named);
    EXPECT_TRUE(named->tool_choice->name.equals("f"));
    EXPECT_EQ(named->tool_choice->parallel, false);
    const Decoded parallel = decode_body(R"("parallel_tool_calls":false)");
    EXPECT_EQ(parallel->tool_choice->parallel, false);
    EXPECT_FALSE(decode_body(kTools)->tool_choice);
}

TEST(RequestDecode, AllowedToolsAreTheOnlyOnesOffered) {
    const Decoded d = decode_body(
        std::string(kTools) +
        R"(,"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"flat"}}]}})");
    ASSERT_EQ(d->tools.size(), 1u);
    EXPECT_TRUE(d->tools[0].name.equals("flat"));
    EXPECT_EQ(d->tool_choice->mode, chat::ToolMode::required);
}

// Whatever stands in `arguments`, the hub gets one valid JSON object.
TEST(RequestDecode, ArgumentsAreAlwaysAnObject) {
    std::string valid = R"({"a":[1,{"b":"\"\\\u00e9\ud83d\ude00"}],"c":null})";
    for (std::size_t cut = 0; cut <= valid.size(); ++cut) {
        std::string body =
            R"({"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":)";
        json::Writer(body).string(std::string_view(valid).substr(0, cut));
        body += "}}]}]}";
        const Decoded d(body);
        ASSERT_TRUE(d.result) << d.result.error().message;
        const auto* call = d->turns[0].parts[0].as<chat::ToolCall>();
        json::Document document;
        const auto root = document.parse(call->arguments);
        ASSERT_TRUE(root && root->is_object()) << call->arguments;
        if (cut == valid.size()) {
            EXPECT_EQ(call->arguments, valid);
        } else if (cut > 0) {
            EXPECT_EQ((*root)["arguments"].text().decode(), valid.substr(0, cut));
        }
    }
}

// Every prefix of a body that still is JSON after closing, and every single wrong type, decodes or
// is refused.
TEST(RequestDecode, SurvivesWrongTypesEverywhere) {
    const std::string good =
        R"({"model":"m","messages":[{"role":"assistant","content":[{"type":"text","text":"x"}],"reasoning_details":[{"type":"t"}],
        "tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"y"}],
        "tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"tool_choice":{"type":"function","function":{"name":"f"}},
        "stop":["a"],"response_format":{"type":"json_schema","json_schema":{"schema":{}}},"reasoning":{"effort":"low"},"thinking":{"type":"x"}})";
    json::Document document;
    const auto root = document.parse(good);
    ASSERT_TRUE(root);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    const auto collect = [&](auto&& self, json::View view) -> void {
        ranges.emplace_back(view.begin(), view.end());
        for (const json::View element : view.elements()) self(self, element);
        for (const auto member : view.members()) self(self, member.value);
    };
    collect(collect, *root);
    int refused = 0;
    for (const auto& [begin, end] : ranges) {
        for (const char* other : {"null", "7", "\"s\"", "[]", "{}", "true", "[[]]"}) {
            const Decoded d(good.substr(0, begin) + other + good.substr(end));
            ASSERT_TRUE(d.root);
            if (d.result) continue;
            ++refused;
            EXPECT_EQ(d.result.error().kind, ErrorKind::invalid_request);
            EXPECT_NE(d.result.error().message.find(": "), std::string::npos);
        }
    }
    EXPECT_GT(refused, 50);
}

}  // namespace
}  // namespace ccr::wire::openai_chat
