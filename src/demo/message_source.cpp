#include "demo/message_source.h"

#include <algorithm>

#include "chat/fold.h"

namespace ccr::demo {
namespace {

constexpr std::string_view kBlankLine = "\n\n";

// The first word of an escaped text with the blank or comma behind it: no escape holds either, so
// none is cut.
std::string_view first_word(std::string_view escaped) {
    const std::size_t end = escaped.find_first_of(" ,");
    return escaped.substr(0, end == std::string_view::npos ? end : end + 1);
}

bool goes_word_by_word(const chat::Delta& delta) {
    return delta.kind == chat::DeltaKind::text || delta.kind == chat::DeltaKind::reasoning ||
           delta.kind == chat::DeltaKind::arguments;
}

}  // namespace

MessageSource::MessageSource(Plan plan, const wire::Codec& codec,
                             const wire::AnswerContext& context)
    : plan_(std::move(plan)),
      events_(chat::unfold(plan_.reply)),
      encoder_(codec.open_encoder(context)) {
    for (std::size_t i = 0; i < events_.size(); ++i) {
        if (std::holds_alternative<chat::Closed>(events_[i])) last_close_ = i;
    }
}

bool MessageSource::step_filler() {
    if (at_ != last_close_ || plan_.filler_kb <= 0) return false;
    if (filler_.empty()) json::escape_to(filler_, filler(plan_.piece_kb));
    encoder_->feed(chat::Delta{chat::DeltaKind::text, json::Text::from_escaped(filler_), {}},
                   buffer_);
    plan_.filler_kb -= plan_.piece_kb;
    return true;
}

void MessageSource::step_delta(chat::Delta delta) {
    if (!in_delta_) rest_ = delta.text.escaped();
    const std::string_view word = first_word(rest_);
    rest_.remove_prefix(word.size());
    in_delta_ = !rest_.empty();
    if (!in_delta_) ++at_;
    delta.text = json::Text::from_escaped(word);
    encoder_->feed(delta, buffer_);
}

bool MessageSource::step() {
    if (at_ >= events_.size()) return false;
    if (step_filler()) return true;
    const auto* delta = std::get_if<chat::Delta>(&events_[at_]);
    if (delta && goes_word_by_word(*delta)) {
        step_delta(*delta);
    } else {
        encoder_->feed(events_[at_++], buffer_);
    }
    return true;
}

bool MessageSource::next(std::string& message) {
    std::size_t end;
    while ((end = buffer_.find(kBlankLine)) == std::string::npos) {
        if (!step()) return false;
    }
    end += kBlankLine.size();
    message.assign(buffer_, 0, end);
    buffer_.erase(0, end);
    return true;
}

std::string MessageSource::failure(const Error& error) {
    std::string message;
    encoder_->feed(chat::Failed{error}, message);
    return message;
}

}  // namespace ccr::demo
