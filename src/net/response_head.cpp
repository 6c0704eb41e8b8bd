#include "net/response_head.h"

#include <charconv>
#include <string>

namespace ccr::net {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

bool ResponseHead::take(std::string_view line) {
    if (complete_) return true;
    bytes_ += line.size();
    if (bytes_ > kMaxBytes) return false;
    const std::string_view text = trimmed(line);
    const std::size_t colon = text.find(':');
    if (status_ == 0 && text.starts_with("HTTP/")) {
        start(text);
    } else if (text.empty()) {
        finish();
    } else if (colon != std::string_view::npos) {
        headers_.add(std::string(trimmed(text.substr(0, colon))),
                     std::string(trimmed(text.substr(colon + 1))));
    }
    return true;
}

void ResponseHead::start(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return;
    const std::string_view rest = line.substr(space + 1);
    std::from_chars(rest.data(), rest.data() + rest.size(), status_);
}

void ResponseHead::finish() {
    if (status_ < 200) {  // RFC 9110, 15.2: an interim answer; the final one follows
        headers_ = {};
        bytes_ = 0;
        status_ = 0;
        return;
    }
    complete_ = true;
    const auto coding = headers_.get("content-encoding");
    if (!coding) return;
    if (!iequals(*coding, "identity")) headers_.remove("content-length");
    headers_.remove("content-encoding");
}

}  // namespace ccr::net
