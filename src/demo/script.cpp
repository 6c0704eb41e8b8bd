#include "demo/script.h"

#include <fmt/format.h>

#include "demo/facts.h"
#include "demo/schema_sample.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::demo {
namespace {

using chat::Conversation;
using json::Text;

constexpr std::string_view kWho = "This is ccr's built-in demo provider, not a real model.";
constexpr std::string_view kHow =
    "To talk to a real model, add a provider to ~/.claude-code-router/config.json; "
    "\"demo: help\" lists what the demo can play.";
constexpr std::string_view kHelp =
    "Put one of these into your message: demo: tool NAME {json} | demo: tools | demo: slow | demo: "
    "drop N | "
    "demo: 429 | demo: error | demo: midstream-error N | demo: garbage | demo: silence SECONDS [N] "
    "| "
    "demo: truncate N | demo: status CODE | demo: long KB | demo: huge. See docs/demo.md.";

// Writes one plan; holds what its steps share.
class Author {
  public:
    Author(const Conversation& c, std::string_view advice)
        : c_(c), advice_(advice), facts_(facts_of(c)) {}
    Plan write(std::size_t body_bytes);

  private:
    void obey(const Phrase& phrase);
    void answer();
    void report_results();
    bool must_call() const;
    void call(const chat::Tool& tool, std::string arguments);
    void call_asked(const Phrase& phrase);
    void call_readers();
    void think();
    void say(std::string_view text);
    void finish(std::size_t body_bytes);
    Text own(std::string_view plain) {
        return Text::from_plain(plan_.reply.arena.keep(plain), plan_.reply.arena);
    }
    std::string with_who(std::string_view text) const { return fmt::format("{} {}", kWho, text); }

    const Conversation& c_;
    std::string_view advice_;
    Facts facts_;
    Plan plan_;
    std::size_t said_ = 0;     // bytes of output
    std::size_t thought_ = 0;  // bytes of reasoning
    std::int64_t calls_ = 0;
};

void Author::say(std::string_view text) {
    chat::Part part;
    part.body = chat::Prose{own(text)};
    plan_.reply.parts.push_back(std::move(part));
    said_ += text.size();
}

void Author::think() {
    if (!facts_.thinking) return;
    chat::Reasoning reasoning;
    reasoning.from = {Protocol::openai_chat, Text::literal("demo"),
                      Text::literal("reasoning_content")};
    const std::string thought = fmt::format(
        "The demo does not think; it plays the part. The last message has {} characters and {} "
        "tools are offered.",
        facts_.user_text.size(), facts_.callable.size());
    reasoning.text = own(thought);
    thought_ = thought.size();
    chat::Part part;
    part.body = reasoning;
    plan_.reply.parts.push_back(std::move(part));
}

void Author::call(const chat::Tool& tool, std::string arguments) {
    json::Document document;
    const auto given = document.parse(arguments);
    if (!given || !given->is_object()) arguments = schema_sample(tool.schema, "");
    chat::Part part;
    const std::string id = fmt::format("call_demo_{:016x}_{}", fingerprint(c_), ++calls_);
    part.body = chat::ToolCall{own(id), tool.name.kept(plan_.reply.arena),
                               plan_.reply.arena.keep(arguments)};
    plan_.reply.parts.push_back(std::move(part));
    said_ += arguments.size();
}

void Author::call_asked(const Phrase& phrase) {
    if (const chat::Tool* tool = facts_.find_tool(phrase.tool)) {
        say(with_who(fmt::format("It calls {}, as you asked.", tool->name.decode())));
        return call(*tool, phrase.arguments);
    }
    say(with_who(
        fmt::format("No tool {} is offered; these are: {}.", phrase.tool, facts_.tool_names())));
}

void Author::call_readers() {
    const auto readers = facts_.readers(2);
    if (readers.empty()) {
        return say(with_who(
            fmt::format("None of the offered tools looks read-only: {}.", facts_.tool_names())));
    }
    say(with_who(fmt::format("It calls {} of the tools that look read-only.", readers.size())));
    for (const chat::Tool* tool : readers) call(*tool, "");
}

void Author::report_results() {
    std::string text(kWho);
    for (const ToolOutcome& result : facts_.results) {
        text += fmt::format(" {} {}: {}", result.tool, result.is_error ? "failed" : "returned",
                            result.excerpt);
    }
    say(text);
}

bool Author::must_call() const {
    const auto mode = c_.tool_choice ? c_.tool_choice->mode : chat::ToolMode::automatic;
    return mode == chat::ToolMode::required || mode == chat::ToolMode::named;
}

void Author::answer() {
    if (must_call() && !facts_.callable.empty()) {
        const bool named = c_.tool_choice->mode == chat::ToolMode::named;
        const chat::Tool* tool =
            named ? facts_.find_tool(c_.tool_choice->name.decode()) : facts_.callable.front();
        if (tool) return call(*tool, "");
    }
    if (c_.format && c_.format->json) {
        if (!c_.format->schema.empty()) return say(schema_sample(c_.format->schema, "ccr demo"));
        std::string object;
        json::Writer(object).open_object().member("demo", kWho).close_object();
        return say(object);
    }
    if (!facts_.results.empty()) return report_results();
    std::string text = with_who(fmt::format("You wrote: \"{}\".", facts_.excerpt()));
    text += fmt::format(" {} offered. {}",
                        facts_.callable.size() == 1
                            ? "1 tool is"
                            : fmt::format("{} tools are", facts_.callable.size()),
                        kHow);
    if (!advice_.empty()) text.append(" ").append(advice_);
    say(text);
}

void Author::obey(const Phrase& phrase) {
    plan_.fault = phrase.fault;
    switch (phrase.wish) {
        case Wish::tool:
            return call_asked(phrase);
        case Wish::tools:
            return call_readers();
        case Wish::help:
            return say(with_who(kHelp));
        case Wish::unknown:
            return say(
                with_who(fmt::format("It does not know \"demo: {}\". {}", phrase.word, kHelp)));
        case Wish::fault:
            return answer();
        case Wish::long_text:
            say(with_who(fmt::format("{} KB of text follow.\n", phrase.kilobytes)));
            plan_.filler_kb = phrase.kilobytes;
            return;
        case Wish::huge:
            say(with_who("4 MB of text follow in one event.\n"));
            plan_.filler_kb = plan_.piece_kb = 4096;
            return;
    }
}

void Author::finish(std::size_t body_bytes) {
    chat::Reply& reply = plan_.reply;
    reply.id = own(fmt::format("msg_demo_{:016x}", fingerprint(c_)));
    reply.model = c_.model.kept(reply.arena);
    reply.stop = calls_ > 0 ? chat::StopReason::tool_use : chat::StopReason::end_turn;
    reply.usage.input = estimated_tokens(body_bytes);
    reply.usage.reasoning = estimated_tokens(thought_);
    reply.usage.output =
        estimated_tokens(said_ + static_cast<std::size_t>(plan_.filler_kb) * 1024) +
        *reply.usage.reasoning;
}

Plan Author::write(std::size_t body_bytes) {
    think();
    if (const auto phrase = phrase_in(facts_.user_text))
        obey(*phrase);
    else
        answer();
    finish(body_bytes);
    return std::move(plan_);
}

// FNV-1a, 64 bit: stable from run to run, unlike std::hash.
void mix(std::uint64_t& hash, std::string_view bytes) {
    for (const char c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    hash = (hash ^ 0xff) * 0x100000001b3ULL;
}

void mix(std::uint64_t& hash, const std::vector<chat::Part>& parts) {
    for (const chat::Part& part : parts) {
        if (const auto* prose = part.as<chat::Prose>()) mix(hash, prose->text.escaped());
        if (const auto* call = part.as<chat::ToolCall>()) mix(hash, call->arguments);
        if (const auto* result = part.as<chat::ToolResult>()) mix(hash, result->content);
    }
}

}  // namespace

std::uint64_t fingerprint(const Conversation& conversation) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    mix(hash, conversation.model.escaped());
    for (const chat::Turn& turn : conversation.turns) mix(hash, turn.parts);
    return hash;
}

Plan plan(const Conversation& conversation, std::size_t body_bytes, std::string_view advice) {
    return Author(conversation, advice).write(body_bytes);
}

std::string filler(std::int64_t kilobytes) {
    static constexpr std::string_view kLine =
        "The demo fills this line with sixty-four bytes, break included.\n";
    static_assert(kLine.size() == 64);
    std::string out;
    out.reserve(static_cast<std::size_t>(kilobytes) * 1024);
    for (std::int64_t i = 0; i < kilobytes * 16; ++i) out += kLine;
    return out;
}

}  // namespace ccr::demo
