#include "wire/repeated_delta.h"

#include "json/scan.h"

namespace ccr::wire {

void RepeatedDelta::learn(std::string_view data, const chat::Events& events) {
    known_ = false;
    const auto* delta = events.empty() ? nullptr : std::get_if<chat::Delta>(&events.back());
    if (!delta || delta->text.empty()) return;
    const std::string_view text = delta->text.escaped();
    // Text that a decoder has made or kept is no part of the message.
    if (text.data() < data.data() || text.data() + text.size() >= data.data() + data.size()) return;
    const auto at = static_cast<std::size_t>(text.data() - data.data());
    before_ = data.substr(0, at);
    after_ = data.substr(at + text.size());
    kind_ = delta->kind;
    known_ = true;
}

bool RepeatedDelta::read(std::string_view data, chat::Events& out) const {
    if (!known_ || !data.starts_with(before_)) return false;
    std::size_t at = before_.size();
    const char* why = nullptr;
    const std::size_t quote = json::scan_string(data, at, why);
    if (quote == std::string_view::npos || data.substr(quote) != after_) return false;
    const std::string_view text = data.substr(before_.size(), quote - before_.size());
    if (text.empty()) return false;
    out.emplace_back(chat::Delta{kind_, json::Text::from_escaped(text), {}});
    return true;
}

}  // namespace ccr::wire
