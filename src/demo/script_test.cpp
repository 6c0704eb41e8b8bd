#include "demo/script.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>

#include "json/writer.h"
#include "wire/codec.h"

namespace ccr::demo {
namespace {

const wire::Codec& chat_codec() {
    return *wire::codec_of(Protocol::openai_chat);
}

constexpr const char* kTools = R"("tools":[
    {"type":"function","function":{"name":"Bash","parameters":{"type":"object","properties":{"command":{"type":"string"}},"required":["command"]}}},
    {"type":"function","function":{"name":"Read","parameters":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}}},
    {"type":"function","function":{"name":"get_time"}},{"type":"function","function":{"name":"TaskRead"}},{"type":"function","function":{"name":"mcp__x__listItems"}},
    {"type":"web_search","web_search":{}}])";

// A plan as text: "think say(...) call(Read {...})", then its fault if any.
std::string describe(const Plan& plan) {
    std::string out;
    for (const chat::Part& part : plan.reply.parts) {
        if (!out.empty()) out += ' ';
        if (const auto* prose = part.as<chat::Prose>()) out += "say(" + prose->text.decode() + ")";
        if (const auto* call = part.as<chat::ToolCall>())
            out += fmt::format("call({} {})", call->name.decode(), call->arguments);
        if (part.as<chat::Reasoning>()) out += "think";
    }
    return out;
}

// Owns what is viewed.
struct Asked {
    Asked(std::string_view messages, std::string_view members) {
        body = fmt::format(R"({{"model":"m","messages":[{}]{}{}}})", messages,
                           members.empty() ? "" : ",", members);
        root = document.parse(body);
        conversation = chat_codec().decode_request(*root, {});
    }
    Plan plan() const { return demo::plan(*conversation, body.size(), ""); }
    std::string body;
    json::Document document;
    Result<json::View> root;
    Result<chat::Conversation> conversation;
};

std::string user(std::string_view text) {
    std::string out;
    json::Writer(out).open_object().member("role", "user").member("content", text).close_object();
    return out;
}

struct PlanCase {
    std::string messages;
    std::string members;
    const char* contains;
    const char* lacks = nullptr;
};
void PrintTo(const PlanCase& c, std::ostream* out) {
    *out << c.messages;
}
class Plans : public testing::TestWithParam<PlanCase> {};

TEST_P(Plans, FollowTheScript) {
    const Asked asked(GetParam().messages, GetParam().members);
    ASSERT_TRUE(asked.conversation) << asked.conversation.error().message;
    const std::string text = describe(asked.plan());
    EXPECT_NE(text.find(GetParam().contains), std::string::npos) << text;
    if (GetParam().lacks) {
        EXPECT_EQ(text.find(GetParam().lacks), std::string::npos) << text;
    }
}

const std::string kResult =
    R"({"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"Read","arguments":"{}"}}]},)"
    R"({"role":"tool","tool_call_id":"1","content":")" +
    std::string(300, 'r') + R"("})";

INSTANTIATE_TEST_SUITE_P(
    Table, Plans,
    testing::Values(
        PlanCase{user("Hi\n there"), "",
                 "built-in demo provider, not a real model. You wrote: \"Hi there\". 0 tools are "
                 "offered."},
        PlanCase{user("Hi"), "", "~/.claude-code-router/config.json", "think"},
        PlanCase{user("Hi"), kTools, "5 tools are offered"},
        PlanCase{user(std::string(500, 'a')), "", "\xE2\x80\xA6\"."},
        PlanCase{user("<system-reminder>demo: huge</system-reminder>Hello"), "",
                 "You wrote: \"Hello\"", "MB"},
        PlanCase{user("Hi"), R"("reasoning_effort":"low")", "think say("},
        PlanCase{user("Hi"), R"("reasoning_effort":"none")", "say(", "think"},
        PlanCase{user("Hi"), R"("thinking":{"type":"disabled"},"reasoning_effort":"high")", "say(",
                 "think"},
        PlanCase{user("demo: tool Read {\"path\":\"/x\"}"), kTools,
                 "not a real model. It calls Read, as you asked.) call(Read {\"path\":\"/x\"})"},
        PlanCase{user("demo: tool read"), kTools, "call(Read {\"path\":\"\"})"},
        PlanCase{user("demo: tool Bash {broken}"), kTools, "call(Bash {\"command\":\"\"})"},
        PlanCase{user("demo: tool get_time"), kTools, "call(get_time {})"},
        PlanCase{user("demo: tool web_search"), kTools,
                 "No tool web_search is offered; these are: Bash, Read, get_time", "call("},
        PlanCase{user("demo: tool Read"), std::string(kTools) + R"(,"tool_choice":"none")",
                 "these are: none", "call("},
        PlanCase{user("demo: tools"), kTools, "call(Read {\"path\":\"\"}) call(get_time {})",
                 "listItems"},
        PlanCase{user("demo: tools"), "", "None of the offered tools", "call("},
        PlanCase{kResult, kTools, "Read returned: rrrr", nullptr},
        PlanCase{kResult + "," + user("demo: tool Bash"), kTools, "call(Bash"},
        PlanCase{R"({"role":"tool","tool_call_id":"9","content":""})", "",
                 "a tool returned: nothing"},
        PlanCase{user("Hi"), std::string(kTools) + R"(,"tool_choice":"required")",
                 "call(Bash {\"command\":\"\"})", "say("},
        PlanCase{user("Hi"),
                 std::string(kTools) +
                     R"(,"tool_choice":{"type":"function","function":{"name":"get_time"}})",
                 "call(get_time {})", "Bash"},
        PlanCase{user("Hi"), R"("response_format":{"type":"json_object"})",
                 R"(say({"demo":"This is ccr's)"},
        PlanCase{
            user("Hi"),
            R"("response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object","properties":{"title":{"type":"string"}},"required":["title"]}}})",
            R"(say({"title":"ccr demo"}))"},
        PlanCase{user("demo: dance"), "", "does not know \"demo: dance\""},
        PlanCase{user("demo: help"), "", "demo: midstream-error N"},
        PlanCase{user("demo: huge"), "", "not a real model. 4 MB"}));

TEST(Plans, ReportAtMostTheFirst200Characters) {
    const std::string text = describe(Asked(kResult, "").plan());
    EXPECT_NE(text.find(std::string(200, 'r')), std::string::npos);
    EXPECT_EQ(text.find(std::string(201, 'r')), std::string::npos);
}

TEST(Plans, ArePure) {
    for (const PlanCase& c :
         {PlanCase{user("Hi"), kTools, ""}, PlanCase{user("demo: tools"), kTools, ""},
          PlanCase{kResult, "", ""}}) {
        const Asked asked(c.messages, c.members), again(c.messages, c.members);
        const auto reply = [](const Asked& a) {
            const Plan plan = a.plan();
            std::string out = fmt::format("{} {} {} ", plan.reply.id.decode(),
                                          plan.reply.usage.whole_input(), *plan.reply.usage.output);
            for (const chat::Part& part : plan.reply.parts) {
                if (const auto* call = part.as<chat::ToolCall>()) out += call->id.decode();
            }
            return out + describe(plan);
        };
        EXPECT_EQ(reply(asked), reply(asked));
        EXPECT_EQ(reply(asked), reply(again));
    }
}

TEST(Plans, DifferentConversationsHaveDifferentFingerprints) {
    const Asked a(user("Hi"), ""), b(user("Ho"), ""), c(user("H") + "," + user("i"), "");
    EXPECT_NE(fingerprint(*a.conversation), fingerprint(*b.conversation));
    EXPECT_NE(fingerprint(*a.conversation), fingerprint(*c.conversation));
}

TEST(Plans, AdviceFollowsAPlainAnswer) {
    const Asked asked(user("Hi"), "");
    const Plan plan = demo::plan(*asked.conversation, 0, "Set up X.");
    EXPECT_TRUE(describe(plan).ends_with("Set up X.)")) << describe(plan);
}

TEST(Filler, HasTheSizeAskedFor) {
    EXPECT_EQ(filler(0).size(), 0u);
    EXPECT_EQ(filler(3).size(), 3072u);
}

}  // namespace
}  // namespace ccr::demo
