#include "gateway/token_meter.h"

#include "chat/fold.h"
#include "tokens/choose.h"

namespace ccr::gateway {
namespace {

constexpr std::chrono::seconds kPace{1};

}  // namespace

void append_told(const chat::StreamEvent& event, std::string& out) {
    const auto* delta = std::get_if<chat::Delta>(&event);
    if (!delta) return;
    if (delta->kind == chat::DeltaKind::text || delta->kind == chat::DeltaKind::reasoning ||
        delta->kind == chat::DeltaKind::arguments)
        delta->text.decode_to(out);
}

TokenMeter::~TokenMeter() {
    if (!is_told_) tell(true);
}

void TokenMeter::counts_as(const config::Provider& provider, std::string_view model) {
    if (counter_) tokens_ += counter_->count_text(uncounted_);
    uncounted_.clear();
    counter_ = tokens::choose_counter(&provider, model).counter;
}

void TokenMeter::take(std::string_view text) {
    if (text.empty()) return;
    const bool is_first = last_content_ == net::Clock::time_point();
    last_content_ = net::Clock::now();
    if (is_first) told_at_ = last_content_;
    uncounted_ += text;
    is_told_ = false;
    if (last_content_ - told_at_ >= kPace) tell(false);
}

void TokenMeter::take(chat::Reply& reply) {
    std::string told;
    for (const chat::StreamEvent& event : chat::unfold(reply)) append_told(event, told);
    take(told);
}

void TokenMeter::tell(bool ended) {
    if (counter_) tokens_ += counter_->count_text(uncounted_);
    uncounted_.clear();
    is_told_ = true;
    told_at_ = last_content_;
    trace_.written(tokens_, last_content_, ended);
}

}  // namespace ccr::gateway
