#include "store/signatures.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "base/ids.h"
#include "chat/fold.h"
#include "chat/random_chat_fixture.h"
#include "store/call_watch.h"
#include "store/digest.h"
#include "store/restored.h"

namespace ccr::store {
namespace {

using chat::Conversation;
using chat::Part;
using chat::Provenance;
using chat::Reasoning;
using chat::Role;
using json::Text;

Part prose(std::string_view text) {
    return {chat::Prose{Text::from_escaped(text)}, {}, {}};
}
Part call(std::string_view id, std::string_view name, std::string_view arguments) {
    return {chat::ToolCall{Text::from_escaped(id), Text::from_escaped(name), arguments}, {}, {}};
}
Part reasoning(Protocol protocol, std::string_view provider, std::string_view text,
               std::string_view seal) {
    Reasoning out;
    out.text = Text::from_escaped(text);
    out.seal = Text::from_escaped(seal);
    out.from = Provenance{protocol, Text::from_escaped(provider), Text::literal("f")};
    return {out, {}, {}};
}

Conversation conversation_of(std::vector<Part> answer, std::string_view begins = "Hello") {
    Conversation out;
    out.turns.push_back({Role::system, {prose("rules")}, {}});
    out.turns.push_back({Role::user, {prose(begins)}, {}});
    out.turns.push_back({Role::assistant, std::move(answer), {}});
    return out;
}

std::string shown(const Conversation& conversation) {
    std::string out;
    for (const Part& part : conversation.turns.back().parts)
        out += std::visit(chat::DescribePart{}, part.body) + "\n";
    return out;
}
std::string shown(std::vector<Part> parts) {
    return shown(conversation_of(std::move(parts)));
}

class SignaturesTest : public testing::Test {
  protected:
    ~SignaturesTest() override { std::filesystem::remove_all(directory_); }

    // One answer passes: `parts`, as a stream of events or whole.
    void pass(SignatureStore& store, std::vector<Part> parts, std::string_view session = "s",
              bool whole = false) {
        chat::Reply reply;
        reply.parts = std::move(parts);
        reply.stop = chat::StopReason::tool_use;
        const Conversation asked = conversation_of({});
        CallWatch watch(store, call_scope(asked, session, "p"));
        if (whole) return watch.feed(reply);
        for (const chat::StreamEvent& event : chat::unfold(reply)) watch.feed(event);
    }
    // What an encoder sees of a client's `parts`.
    std::string restored(SignatureStore& store, std::vector<Part> parts,
                         std::string_view session = "s", std::string_view provider = "p") {
        Conversation conversation = conversation_of(std::move(parts));
        const std::string before = shown(conversation);
        std::string during;
        {
            const Restored with(conversation, store, call_scope(conversation, session, provider));
            during = shown(conversation);
        }
        EXPECT_EQ(shown(conversation), before);
        return during;
    }

    std::string directory_ =
        (std::filesystem::temp_directory_path() / ("ccr-sign-" + random_hex(6))).string();
    StateSettings on_disk_{.file = directory_ + "/state.sqlite"};
    State memory_{StateSettings{}};
    SignatureStore store_{memory_};
    const Part signature_ = reasoning(Protocol::gemini, "p", "", "c2lnbmVk");
    const Part bash_ = call("call_1", "Bash", R"({"command":"ls","n":1})");
};

TEST_F(SignaturesTest, ASignatureComesBackBeforeItsCall) {
    for (const bool whole : {false, true}) {
        pass(store_, {prose("Let me look."), signature_, bash_}, "s", whole);
        EXPECT_EQ(restored(store_, {prose("Let me look."), bash_}),
                  shown({prose("Let me look."), signature_, bash_}));
    }
}

TEST_F(SignaturesTest, EveryCallGetsItsOwnAndAnUnsignedOneNone) {
    const Part second = call("call_2", "Read", R"({"path":"a"})");
    const Part third = call("call_3", "Read", R"({"path":"b"})");
    const Part other = reasoning(Protocol::gemini, "p", "", "b3RoZXI=");
    pass(store_, {signature_, bash_, second, other, third});
    EXPECT_EQ(restored(store_, {bash_, second, third}),
              shown({signature_, bash_, second, other, third}));
}

TEST_F(SignaturesTest, ReasoningThatStoodBeforeProseComesBackThere) {
    const Part item = reasoning(Protocol::openai_responses, "p", "", "encrypted");
    pass(store_, {item, prose("I see."), signature_, bash_});
    EXPECT_EQ(restored(store_, {prose("I see."), bash_}),
              shown({item, prose("I see."), signature_, bash_}));
}

TEST_F(SignaturesTest, TextWithoutASealComesBackToAChatProviderOnly) {
    const Part chat = reasoning(Protocol::openai_chat, "p", "I think", "");
    pass(store_, {chat, bash_});
    EXPECT_EQ(restored(store_, {bash_}), shown({chat, bash_}));
    SignatureStore fresh(memory_);
    pass(fresh, {reasoning(Protocol::gemini, "p", "I think", ""), bash_});
    EXPECT_EQ(fresh.size(), 0u);
}

TEST_F(SignaturesTest, WhatTheClientKeptIsLeftAlone) {
    pass(store_, {signature_, bash_});
    const Part kept = reasoning(Protocol::gemini, "p", "", "kept");
    EXPECT_EQ(restored(store_, {kept, bash_}), shown({kept, bash_}));
    SignatureStore chat(memory_);
    const Part thought = reasoning(Protocol::openai_chat, "p", "I think", "");
    pass(chat, {thought, bash_});
    EXPECT_EQ(restored(chat, {thought, bash_}), shown({thought, bash_}));
}

TEST_F(SignaturesTest, WhatTheClientKeptInFrontOfAllCallsIsNotDoubled) {
    const Part second = call("call_2", "Read", R"({"path":"a"})");
    const Part other = reasoning(Protocol::gemini, "p", "", "b3RoZXI=");
    pass(store_, {signature_, bash_, other, second});
    EXPECT_EQ(restored(store_, {signature_, other, bash_, second}),
              shown({signature_, other, bash_, second}));
}

TEST_F(SignaturesTest, WhatTheClientKeptInTheTurnBeforeCounts) {
    pass(store_, {signature_, bash_});
    Conversation conversation = conversation_of({signature_});
    conversation.turns.push_back({Role::assistant, {bash_}, {}});
    const Restored with(conversation, store_, call_scope(conversation, "s", "p"));
    EXPECT_EQ(with.calls(), 0u);
}

TEST_F(SignaturesTest, ThinkingThatLostItsSealGivesWayToTheOriginal) {
    const Part thinking = reasoning(Protocol::anthropic, "p", "Hm.", "EqQB");
    pass(store_, {thinking, bash_});
    EXPECT_EQ(restored(store_, {reasoning(Protocol::openai_chat, "", "Hm.", ""), bash_}),
              shown({thinking, bash_}));
}

TEST_F(SignaturesTest, DetailsComeBackAsTheyWere) {
    Part part = reasoning(Protocol::openai_chat, "p", R"(a \"quoted\" thought)", "");
    std::get<Reasoning>(part.body).details = R"([{"type":"reasoning.encrypted","data":"x"}])";
    pass(store_, {part, bash_});
    EXPECT_EQ(restored(store_, {bash_}), shown({part, bash_}));
}

TEST_F(SignaturesTest, AnotherProviderGetsNothing) {
    pass(store_, {signature_, bash_});
    EXPECT_EQ(restored(store_, {bash_}, "s", "q"), shown({bash_}));
}

TEST_F(SignaturesTest, ACallIsFoundByItsContentWhereIdsChange) {
    pass(store_, {signature_, bash_});
    const Part renamed = call("toolu_x", "Bash", "{ \"n\": 1, \"command\": \"\\u006cs\" }");
    EXPECT_EQ(restored(store_, {renamed}), shown({signature_, renamed}));
    const Part other = call("toolu_x", "Bash", R"({"command":"pwd","n":1})");
    EXPECT_EQ(restored(store_, {other}), shown({other}));
}

TEST_F(SignaturesTest, AConversationIsFoundBySessionOrByItsBeginning) {
    pass(store_, {signature_, bash_});
    EXPECT_EQ(restored(store_, {bash_}, "resumed as another session"), shown({signature_, bash_}));
    Conversation edited = conversation_of({bash_}, "Compacted");
    const Restored with(edited, store_, call_scope(edited, "s", "p"));
    EXPECT_EQ(with.calls(), 1u);
    Conversation foreign = conversation_of({bash_}, "Another conversation");
    const Restored none(foreign, store_, call_scope(foreign, "t", "p"));
    EXPECT_EQ(none.calls(), 0u);
}

TEST_F(SignaturesTest, ABrokenStreamLeavesNothing) {
    chat::Reply reply;
    reply.parts = {signature_, bash_};
    CallWatch watch(store_, call_scope(conversation_of({}), "s", "p"));
    chat::Events events = chat::unfold(reply);
    events.pop_back();
    for (const chat::StreamEvent& event : events) watch.feed(event);
    watch.feed(chat::Failed{make_error(ErrorKind::upstream_protocol, "cut")});
    EXPECT_EQ(store_.size(), 0u);
}

TEST_F(SignaturesTest, SignaturesSurviveARestart) {
    {
        State state(on_disk_);
        SignatureStore store(state);
        pass(store, {signature_, bash_});
        pass(store, {signature_, bash_});
    }
    State state(on_disk_);
    SignatureStore store(state);
    ASSERT_TRUE(state.wait_loaded(std::chrono::seconds(20)));
    EXPECT_EQ(store.size(), 1u);
    EXPECT_EQ(restored(store, {bash_}), shown({signature_, bash_}));
}

TEST_F(SignaturesTest, TheOldestGoWhenThereAreTooMany) {
    {
        State state(on_disk_);
        SignatureStore store(state, {.calls = 3});
        const std::vector<std::string> ids{"1", "2", "3"};
        for (const std::string& id : ids)
            pass(store, {signature_, call(id, "Bash", R"({"command":"ls"})")});
        EXPECT_NE(restored(store, {call("1", "x", "{}")}), shown({call("1", "x", "{}")}));
        pass(store, {signature_, call("4", "Bash", "{}")});
        EXPECT_EQ(store.size(), 3u);
        EXPECT_EQ(restored(store, {call("2", "x", "{}")}), shown({call("2", "x", "{}")}));
        EXPECT_NE(restored(store, {call("1", "x", "{}")}), shown({call("1", "x", "{}")}));
    }
    State state(on_disk_);
    ASSERT_TRUE(state.wait_loaded(std::chrono::seconds(20)));
    EXPECT_EQ(state.take("signature")->size(), 3u);
}

TEST_F(SignaturesTest, BytesAreBoundedInAllAndForOne) {
    SignatureStore store(memory_, {.calls = 1000, .bytes = 5000, .bytes_of_one = 2000});
    for (int i = 0; i < 20; ++i) {
        const std::string id = std::to_string(i), seal(1000, 's');
        pass(store, {reasoning(Protocol::gemini, "p", "", seal), call(id, "Bash", "{}")});
    }
    EXPECT_LE(store.bytes(), 5000u);
    EXPECT_EQ(store.size(), 4u);
    const std::string huge(3000, 's');
    pass(store, {reasoning(Protocol::gemini, "p", "", huge), call("huge", "Bash", "{}")});
    EXPECT_EQ(restored(store, {call("huge", "x", "{}")}), shown({call("huge", "x", "{}")}));
}

TEST_F(SignaturesTest, ForeignRecordsAreIgnored) {
    {
        State state(on_disk_);
        for (const char* value : {"", "[]", "{}", R"({"names":[],"reasoning":[]})",
                                  R"({"names":["other"],"provider":"p","reasoning":[]})"})
            state.put({"signature", "k" + std::string(value), value, 1});
    }
    State state(on_disk_);
    ASSERT_TRUE(state.wait_loaded(std::chrono::seconds(20)));
    SignatureStore store(state);
    EXPECT_EQ(store.size(), 0u);
}

TEST_F(SignaturesTest, ManyThreadsShareOneStore) {
    State state(on_disk_);
    SignatureStore store(state, {.calls = 50});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 100; ++i) {
                const std::string id = std::to_string(t) + "." + std::to_string(i);
                pass(store, {signature_, call(id, "Bash", "{}")}, id);
                restored(store, {call(id, "Bash", "{}")}, id);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(store.size(), 50u);
}

TEST(Digest, TellsPartsApart) {
    EXPECT_NE(digest({"ab", "c"}), digest({"a", "bc"}));
    EXPECT_EQ(digest({"ab", "c"}), digest({"ab", "c"}));
    EXPECT_EQ(digest({"ab"}).size(), 32u);
}

TEST(Digest, CanonicalIsOneSpelling) {
    json::Document a, b;
    const auto one = a.parse(R"({"b": [1, {"y":null,"x":"é\n"}], "a":true})");
    const auto two = b.parse(R"({"a":true,"b":[1,{"x":"\u00e9\u000a","y":null}]})");
    ASSERT_TRUE(one && two);
    EXPECT_EQ(canonical(*one), canonical(*two));
}

}  // namespace
}  // namespace ccr::store
