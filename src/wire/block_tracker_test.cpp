#include "wire/block_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "chat/grammar.h"
#include "json/random_json_fixture.h"

namespace ccr::wire {
namespace {

using chat::BlockKind;
using json::Text;

const chat::Provenance kFrom{Protocol::openai_chat, Text::literal("acme"),
                             Text::literal("reasoning_content")};

// Events as text: "text[ab|c] call:id:name[{}] think[x s=sig]"; a bar between deltas.
class Shown {
  public:
    void take(chat::Events& events) {
        for (const chat::StreamEvent& event : events) {
            const std::string why = guard_.check(event);
            EXPECT_EQ(why, "");
            std::visit([this](const auto& e) { on(e); }, event);
        }
        events.clear();
    }
    std::string text() const { return out_; }

  private:
    void on(const chat::Opened& opened) {
        static constexpr const char* kNames[] = {"text", "think", "call", "search", "opaque"};
        out_ += fmt::format("{}{}", out_.empty() ? "" : " ", kNames[static_cast<int>(opened.kind)]);
        if (opened.kind == BlockKind::tool_call)
            out_ += ":" + opened.id.decode() + ":" + opened.name.decode();
        out_ += "[";
        fresh_ = true;
    }
    void on(const chat::Delta& delta) {
        if (!fresh_) out_ += "|";
        fresh_ = false;
        if (delta.kind == chat::DeltaKind::seal) out_ += "s=";
        if (delta.kind == chat::DeltaKind::details) out_ += "d=";
        out_ += delta.raw.empty() ? delta.text.decode() : std::string(delta.raw);
    }
    void on(const chat::Closed&) { out_ += "]"; }
    template <typename T>
    void on(const T&) {}

    chat::GrammarGuard guard_ = [] {
        chat::GrammarGuard guard;
        (void)guard.check(chat::Started{});
        return guard;
    }();
    std::string out_;
    bool fresh_ = true;
};

class Tracked : public testing::Test {
  protected:
    // The text may die at once: what an event views must not be it after the events were taken.
    template <typename Call>
    void with(std::string escaped, Call call) {
        call(Text::from_escaped(escaped));
        shown_.take(events_);
    }
    void text(std::string s) {
        with(std::move(s), [this](Text t) { blocks_.text(t, events_); });
    }
    void think(std::string s) {
        with(std::move(s), [this](Text t) { blocks_.reasoning(t, kFrom, events_); });
    }
    void seal(std::string s) {
        with(std::move(s), [this](Text t) { blocks_.seal(t, kFrom, events_); });
    }
    BlockTracker::CallKey call(std::string id, std::string name) {
        const auto key = blocks_.begin_call(events_);
        with(std::move(id), [&](Text t) { blocks_.call_id(key, t); });
        with(std::move(name), [&](Text t) { blocks_.call_name(key, t); });
        return key;
    }
    void arguments(BlockTracker::CallKey key, std::string s) {
        with(std::move(s), [&](Text t) { blocks_.call_arguments(key, t, events_); });
    }
    std::string finished() {
        blocks_.finish(events_);
        shown_.take(events_);
        return shown_.text();
    }

    BlockTracker blocks_;
    chat::Events events_;
    Shown shown_;
};

TEST_F(Tracked, TextFlowsAtOnceAndNothingOpensForNothing) {
    text("");
    EXPECT_EQ(shown_.text(), "");
    text("a");
    EXPECT_EQ(shown_.text(), "text[a");
    text("b");
    EXPECT_EQ(finished(), "text[a|b]");
}

TEST_F(Tracked, KindsFollowEachOtherInOrder) {
    think("t");
    text("x");
    think("u");
    seal("sig");
    text("y");
    EXPECT_EQ(finished(), "think[t] text[x] think[u|s=sig] text[y]");
}

TEST_F(Tracked, ASealAloneIsAnEmptyThought) {
    text("x");
    seal("sig");
    EXPECT_EQ(finished(), "text[x] think[s=sig]");
}

TEST_F(Tracked, ACallFlowsOnceItsNameIsKnown) {
    const auto key = blocks_.begin_call(events_);
    arguments(key, R"({\"a\")");
    EXPECT_EQ(shown_.text(), "");
    with("Re", [&](Text t) { blocks_.call_name(key, t); });
    with("ad", [&](Text t) { blocks_.call_name(key, t); });
    with("i1", [&](Text t) { blocks_.call_id(key, t); });
    with("i2", [&](Text t) { blocks_.call_id(key, t); });
    arguments(key, ":1}");
    EXPECT_EQ(shown_.text(), R"(call:i1:Read[{"a"|:1})");
    EXPECT_EQ(finished(), R"(call:i1:Read[{"a"|:1}])");
}

TEST_F(Tracked, ANameGivenTwiceIsOneName) {
    const auto key = call("i", "Read");
    with("Read", [&](Text t) { blocks_.call_name(key, t); });
    arguments(key, "{}");
    with("Late", [&](Text t) { blocks_.call_name(key, t); });
    EXPECT_EQ(finished(), "call:i:Read[{}]");
}

TEST_F(Tracked, InterleavedCallsComeOutWhole) {
    const auto a = call("a", "A");
    const auto b = call("b", "B");
    arguments(b, "{");
    arguments(a, R"({\"x\":)");
    EXPECT_EQ(shown_.text(), R"(call:a:A[{"x":)");
    text("between");
    arguments(b, "}");
    EXPECT_FALSE(blocks_.call_complete(a));
    arguments(a, "1}");
    EXPECT_TRUE(blocks_.call_complete(a));
    EXPECT_EQ(finished(), R"(call:a:A[{"x":|1}] call:b:B[{}] text[between])");
}

TEST_F(Tracked, ACallWithoutArgumentsIsACall) {
    call("a", "A");
    call("b", "B");
    EXPECT_EQ(finished(), "call:a:A[] call:b:B[]");
    EXPECT_TRUE(blocks_.had_calls());
}

TEST_F(Tracked, ACallWithoutIdGetsOne) {
    arguments(call("", "A"), "{}");
    const std::string shown = finished();
    EXPECT_TRUE(shown.starts_with("call:call_")) << shown;
    EXPECT_EQ(shown.size(), std::string("call:call_:A[{}]").size() + 24) << shown;
}

TEST_F(Tracked, BracketsInStringsCloseNothing) {
    const auto a = call("a", "A");
    arguments(a, R"({\"x\":\"}]\\\"}\")");
    EXPECT_FALSE(blocks_.call_complete(a));
    text("later");
    EXPECT_EQ(shown_.text().find("later"), std::string::npos);
    arguments(a, "}");
    EXPECT_NE(shown_.text().find("]"), std::string::npos);
    EXPECT_EQ(finished(), R"(call:a:A[{"x":"}]\"}"|}] text[later])");
}

TEST_F(Tracked, WebSearchesTakeTheirTurn) {
    text("a");
    chat::WebSearch search;
    search.id = Text::literal("s");
    blocks_.web_search(search, events_);
    shown_.take(events_);
    text("b");
    EXPECT_EQ(finished(), "text[a] search[] text[b]");
}

// Calls whose arguments arrive in pieces, in any order among each other.
class Shuffled {
  public:
    explicit Shuffled(json::Random& r) : r_(r) {
        for (std::size_t n = 1 + r.below(4); n > 0; --n) {
            whole_.emplace_back();
            json::escape_to(whole_.back(), r.chance(0.2) ? "" : json::random_container(r, 2, true));
            keys_.push_back(blocks_.begin_call(events_));
            blocks_.call_name(keys_.back(), Text::literal("N"));
        }
        rest_ = whole_;
    }
    const std::vector<std::string>& whole() const { return whole_; }

    // The arguments of each block that came out, in order.
    std::vector<std::string> out() {
        while (std::ranges::any_of(rest_, [](const std::string& rest) { return !rest.empty(); }))
            send(r_.below(rest_.size()));
        blocks_.finish(events_);
        take();
        out_.pop_back();  // the one begun behind the last close
        return out_;
    }

  private:
    void send(std::size_t call) {
        std::string& rest = rest_[call];
        const std::string piece = rest.substr(0, piece_size(rest));
        rest.erase(0, piece.size());
        blocks_.call_arguments(keys_[call], Text::from_escaped(piece), events_);
        take();
    }
    // A piece never ends within an escape: each came as a JSON string of its own.
    std::size_t piece_size(const std::string& rest) {
        if (rest.empty()) return 0;
        const std::size_t wanted = 1 + r_.below(rest.size());
        std::size_t size = 0;
        while (size < wanted) size += rest[size] != '\\' ? 1 : rest[size + 1] == 'u' ? 6 : 2;
        return size;
    }
    void take() {
        for (const chat::StreamEvent& event : events_) {
            if (const auto* delta = std::get_if<chat::Delta>(&event))
                out_.back() += delta->text.escaped();
            if (std::holds_alternative<chat::Closed>(event)) out_.emplace_back();
        }
        events_.clear();
    }

    json::Random& r_;
    BlockTracker blocks_;
    chat::Events events_;
    std::vector<std::string> whole_, rest_, out_{""};
    std::vector<BlockTracker::CallKey> keys_;
};

TEST(BlockTracker, AnyInterleavingGivesTheSameCalls) {
    json::Random r(1);
    for (int run = 0; run < 500; ++run) {
        Shuffled calls(r);
        ASSERT_EQ(calls.out(), calls.whole());
    }
}

}  // namespace
}  // namespace ccr::wire
