#include "wire/seal.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "chat/random_chat_fixture.h"

namespace ccr::wire {
namespace {

using json::Text;

TEST(Seal, ComesHomeAsItLeft) {
    json::Random r(1);
    for (int i = 0; i < 500; ++i) {
        Arena arena;
        const auto protocol =
            r.pick(std::array{Protocol::openai_chat, Protocol::openai_responses, Protocol::gemini});
        const chat::Provenance from{protocol, chat::random_text(r, arena, true),
                                    chat::random_text(r, arena, true)};
        const Text seal = chat::random_text(r, arena, true);
        const std::string details =
            r.chance(0.5) ? "[" + json::random_container(r, 2, true) + "]" : "";
        const std::string packed = pack_seal(from, seal, details);
        ASSERT_TRUE(is_packed_seal(Text::from_escaped(packed)));
        chat::Reasoning back;
        ASSERT_TRUE(unpack_seal(Text::from_escaped(packed), back, arena));
        EXPECT_EQ(back.from.protocol, protocol);
        EXPECT_EQ(back.from.provider, from.provider);
        EXPECT_EQ(back.from.field, from.field);
        EXPECT_EQ(back.seal, seal);
        EXPECT_EQ(back.details, details);
    }
}

TEST(Seal, WhatIsNotOursIsLeftAlone) {
    for (const std::string& foreign :
         {std::string(), std::string("EqQBCkgIARABGAIiQL"), std::string("ccr1."),
          std::string("ccr1.!!!!"), "ccr1." + base64url_encode("{"),
          "ccr1." + base64url_encode("[]"), "ccr1." + base64url_encode(R"({"w":"nowhere"})"),
          "ccr1." + base64url_encode(R"({"w":7})")}) {
        Arena arena;
        chat::Reasoning reasoning;
        EXPECT_FALSE(unpack_seal(Text::from_escaped(foreign), reasoning, arena)) << foreign;
        EXPECT_TRUE(reasoning.seal.empty() && reasoning.from.provider.empty());
    }
}

// Details go into other JSON texts: what is no array must not get there.
TEST(Seal, DetailsOfAnotherKindAreDropped) {
    for (const char* details : {"{}", "\"x\"", "1", "null"}) {
        Arena arena;
        chat::Reasoning reasoning;
        const std::string packed =
            "ccr1." + base64url_encode(fmt::format(
                          R"({{"w":"chat","p":"acme","f":"reasoning","d":{}}})", details));
        EXPECT_TRUE(unpack_seal(Text::from_escaped(packed), reasoning, arena));
        EXPECT_EQ(reasoning.details, "");
    }
}

}  // namespace
}  // namespace ccr::wire
