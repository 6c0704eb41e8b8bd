#include "net/request_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "net/request_head.h"

namespace ccr::net {
namespace {

constexpr auto kTokenChars = [] {
    std::array<bool, 256> table{};
    for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = true;
    for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

std::unexpected<Error> refuse(std::string_view what) {
    return fail(ErrorKind::invalid_request, fmt::format("The request is malformed: {}.", what));
}

/// request-line = method SP request-target SP HTTP-version (RFC 9112 section 3)
Result<void> check_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    if (second == std::string_view::npos) {
        return refuse("its first line is not \"METHOD target HTTP/1.1\"");
    }
    if (!is_token(line.substr(0, first))) return refuse("its method is not a word");
    const std::string_view target = line.substr(first + 1, second - first - 1);
    if (target.empty() || std::any_of(target.begin(), target.end(),
                                      [](char c) { return c == '\t' || is_control(c); })) {
        return refuse("its target is empty or has control characters");
    }
    const std::string_view version = line.substr(second + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return refuse("its version is neither HTTP/1.1 nor HTTP/1.0");
    }
    return {};
}

/// field-line = field-name ":" OWS field-value OWS (RFC 9112 section 5); a line that begins with
/// white space is an obsolete fold.
Result<void> check_field_line(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t')
        return refuse("a header is folded over several lines");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return refuse("a header line has no colon");
    if (!is_token(line.substr(0, colon))) {
        return refuse(
            "a header name is empty, or has white space or other foreign characters before its "
            "colon");
    }
    const std::string_view value = line.substr(colon + 1);
    if (std::any_of(value.begin(), value.end(), is_control))
        return refuse("a header has control characters");
    return {};
}

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return kTokenChars[static_cast<unsigned char>(c)];
    });
}

Result<void> check_lines(std::string_view raw) {
    bool first = true;
    std::size_t fields = 0;
    while (true) {
        const auto end = raw.find('\n');
        if (end == std::string_view::npos || end == 0 || raw[end - 1] != '\r') {
            return refuse("a line does not end in CR LF");
        }
        const std::string_view line = raw.substr(0, end - 1);
        raw.remove_prefix(end + 1);
        if (first) {
            TRY_DO(check_request_line(line));
            first = false;
        } else if (line.empty()) {
            return raw.empty() ? Result<void>{} : refuse("bytes follow its head");
        } else {
            TRY_DO(check_field_line(line));
            if (++fields > kMaxFields) {
                return fail(
                    ErrorKind::headers_too_large,
                    fmt::format("The request has more than {} headers; send fewer.", kMaxFields));
            }
        }
    }
}

}  // namespace ccr::net
