// What a script does to a request beside its messages.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plugin/openai_edit.h"
#include "wire/relay_fixture.h"

namespace ccr::plugin {
namespace {

using Model = nlohmann::ordered_json;

// The provider's language is the script's there, whatever the client speaks.
TEST(OpenAiSettings, MembersThatAScriptAddsAreTheProviders) {
    const wire::DecodedRequest request(*wire::codec_of(Protocol::openai_chat),
                                       R"({"model":"m","seed":1,"logit_bias":{},
        "messages":[{"role":"user","content":"a"}]})");
    const OpenAiView view = view_of(*request.conversation, "m");
    Model after = Model::parse(view.text);
    after["service_tier"] = "flex";
    after["seed"] = 2;
    const auto out = edited(*request.conversation, view, after.dump());
    ASSERT_TRUE(out) << out.error().message;
    std::string members;
    for (const auto& member : out->members) members += member.pointer + " ";
    EXPECT_EQ(members, "/seed /service_tier ");
    EXPECT_EQ(out->conversation.extras.members.size(), 3u);
}

TEST(OpenAiSettings, AToolOfAChoiceIsItself) {
    const wire::DecodedRequest request(*wire::codec_of(Protocol::anthropic),
                                       R"({"model":"m","tools":[{"name":"a","input_schema":{}},
        {"name":"b","input_schema":{}},{"name":"c","description":"C","input_schema":{}}],
        "messages":[{"role":"user","content":"a"}]})");
    const OpenAiView view = view_of(*request.conversation, "m");
    Model after = Model::parse(view.text);
    after["tools"][1]["function"]["description"] = "B";
    Model chosen = Model::array({after["tools"][1], after["tools"][2]});
    after["tool_choice"] = {{"type", "allowed_tools"},
                            {"allowed_tools", {{"mode", "auto"}, {"tools", chosen}}}};
    const auto out = edited(*request.conversation, view, after.dump());
    ASSERT_TRUE(out) << out.error().message;
    std::string tools;
    for (const chat::Tool& tool : out->conversation.tools)
        tools += tool.name.decode() + tool.description.decode() + " ";
    EXPECT_EQ(tools, "bB cC ");
}

}  // namespace
}  // namespace ccr::plugin
