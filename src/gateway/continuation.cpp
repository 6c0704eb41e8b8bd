#include "gateway/continuation.h"

#include <algorithm>

#include "json/text.h"

namespace ccr::gateway {
namespace {

constexpr chat::Text kGoOn = chat::Text::literal(
    "Your answer above was cut off by a failure of the network. Continue it from exactly where it "
    "stops: repeat nothing of it, and do not mention the interruption.");

// A token is about so many bytes; for the part of an answer whose figures never came.
constexpr std::int64_t kBytesPerToken = 4;

bool is_blank(const std::string& escaped) {
    const std::string text = chat::Text::from_escaped(escaped).decode();
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool can_be_carried_on(chat::BlockKind kind) {
    return kind == chat::BlockKind::text || kind == chat::BlockKind::reasoning;
}

}  // namespace

void Continuation::pass(const chat::StreamEvent& event, wire::StreamEncoder& encoder,
                        std::string& out) {
    if (std::holds_alternative<chat::Failed>(event) && possible_) return;
    if (resumed_) return go_on(event, encoder, out);
    note(event);
    encoder.feed(event, out);
}

void Continuation::note(const chat::StreamEvent& event) {
    if (const auto* opened = std::get_if<chat::Opened>(&event)) {
        open_ = opened->kind;
        possible_ = possible_ && can_be_carried_on(opened->kind);
        if (opened->kind == chat::BlockKind::text) texts_.emplace_back();
    } else if (const auto* delta = std::get_if<chat::Delta>(&event)) {
        generated_ += delta->text.escaped().size();
        if (delta->kind == chat::DeltaKind::text && !texts_.empty())
            texts_.back() += delta->text.escaped();
    } else if (std::holds_alternative<chat::Closed>(event)) {
        open_.reset();
    } else if (const auto* started = std::get_if<chat::Started>(&event)) {
        usage_.merge(started->usage);
    } else if (const auto* report = std::get_if<chat::UsageReport>(&event)) {
        usage_.merge(report->usage);
    }
}

// Events of an upstream that goes on, less what it repeats.
void Continuation::go_on(const chat::StreamEvent& event, wire::StreamEncoder& encoder,
                         std::string& out) {
    if (repetition_.looking()) {
        const auto* delta = std::get_if<chat::Delta>(&event);
        if (delta && delta->kind == chat::DeltaKind::text)
            return say(repetition_.take(delta->text.decode()), encoder, out);
        // A model may think before it begins anew.
        const bool text_ends =
            std::holds_alternative<chat::Closed>(event) && open_ == chat::BlockKind::text;
        if (text_ends || std::holds_alternative<chat::Finished>(event))
            say(repetition_.rest(), encoder, out);
    }
    fit_first(event, encoder, out);
}

void Continuation::say(std::string_view plain, wire::StreamEncoder& encoder, std::string& out) {
    if (plain.empty()) return;
    std::string escaped;
    json::escape_to(escaped, plain);
    fit_first(chat::Delta{chat::DeltaKind::text, chat::Text::from_escaped(escaped), {}}, encoder,
              out);
}

// The first text of an upstream that goes on joins a text block that was left open; anything else
// closes that first.
void Continuation::fit_first(const chat::StreamEvent& event, wire::StreamEncoder& encoder,
                             std::string& out) {
    const auto* opened = std::get_if<chat::Opened>(&event);
    const bool ends = opened || std::holds_alternative<chat::Finished>(event);
    const bool joins = opened && joining_ && open_ == chat::BlockKind::text &&
                       opened->kind == chat::BlockKind::text;
    if (joining_ && ends) {
        joining_ = false;
        if (joins) return;
        note(chat::Closed{});
        encoder.feed(chat::Closed{}, out);
    }
    note(event);
    if (const auto* started = std::get_if<chat::Started>(&event))
        return encoder.feed(chat::UsageReport{with_earlier(started->usage)}, out);
    if (const auto* report = std::get_if<chat::UsageReport>(&event))
        return encoder.feed(chat::UsageReport{with_earlier(report->usage)}, out);
    encoder.feed(event, out);
}

// The client's request was answered once: its input counts as the first upstream read it.
chat::Usage Continuation::with_earlier(chat::Usage usage) const {
    if (usage.output) usage.output = *usage.output + earlier_.output.value_or(0);
    if (!earlier_.input) return usage;
    usage.input = earlier_.input;
    usage.cache_read = earlier_.cache_read;
    usage.cache_write = earlier_.cache_write;
    return usage;
}

void Continuation::resume(chat::Conversation& conversation) {
    const std::int64_t guessed = static_cast<std::int64_t>(generated_) / kBytesPerToken;
    const std::int64_t output = std::max(usage_.output.value_or(0), guessed);
    const std::int64_t so_far = earlier_.output.value_or(0) + output;
    if (!resumed_) earlier_ = usage_;
    earlier_.output = so_far;
    usage_ = {};
    generated_ = 0;
    resumed_ = true;
    interrupted_ = false;
    joining_ = open_.has_value();
    const bool one_text = texts_.size() == 1;
    repetition_.expect(one_text ? chat::Text::from_escaped(texts_.front()).decode() : "",
                       !joining_);
    add_turns(conversation);
    limit_length(conversation);
}

void Continuation::add_turns(chat::Conversation& conversation) {
    if (!own_turns_) own_turns_ = conversation.turns.size();
    conversation.turns.resize(*own_turns_);
    chat::Turn delivered{chat::Role::assistant, {}, {}};
    for (const std::string& text : texts_) {
        if (is_blank(text)) continue;
        chat::Part part;
        part.body = chat::Prose{chat::Text::from_escaped(conversation.arena.keep(text))};
        delivered.parts.push_back(std::move(part));
    }
    // Nothing but thoughts: the question is asked anew.
    if (delivered.parts.empty()) return;
    chat::Part ask;
    ask.body = chat::Prose{kGoOn};
    chat::Turn go_on{chat::Role::user, {}, {}};
    go_on.parts.push_back(std::move(ask));
    conversation.turns.push_back(std::move(delivered));
    conversation.turns.push_back(std::move(go_on));
}

// What was delivered counts towards the length that the client has allowed.
void Continuation::limit_length(chat::Conversation& conversation) {
    auto& limit = conversation.sampling.max_tokens;
    if (!whole_length_) whole_length_ = limit;
    if (whole_length_) limit = std::max<std::int64_t>(1, *whole_length_ - *earlier_.output);
}

}  // namespace ccr::gateway
