#include "net/answer_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/text_case.h"
#include "net/request_lines.h"

namespace ccr::net {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Elements of a header that is a list, over all its lines (RFC 9110, 5.6.1).
template <typename Each>
void for_each_element(const Headers& headers, std::string_view name, Each each) {
    for (const auto& [key, value] : headers) {
        if (!iequals(key, name)) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            if (const auto element = trimmed(rest.substr(0, comma)); !element.empty())
                each(element);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
}

bool lists(const Headers& headers, std::string_view name, std::string_view wanted) {
    bool found = false;
    for_each_element(headers, name, [&](auto element) { found |= iequals(element, wanted); });
    return found;
}

// status-line = HTTP-version SP status-code SP [reason] (RFC 9112, section 4); the second space is
// left out by some. 0 when it is none.
int status_of(std::string_view line) {
    constexpr std::size_t kCodeAt = sizeof("HTTP/1.1 ") - 1;
    if (!line.starts_with("HTTP/1.1 ") && !line.starts_with("HTTP/1.0 ")) return 0;
    int status = 0;
    const char* const from = line.data() + kCodeAt;
    const auto [end, error] = std::from_chars(from, line.data() + line.size(), status);
    const bool ends_well = end == line.data() + line.size() || *end == ' ';
    return error == std::errc() && end - from == 3 && status >= 100 && ends_well ? status : 0;
}

}  // namespace

std::string_view AnswerReader::feed(std::span<char> bytes) {
    if (!problem_.empty()) return {};
    if (framing_ == Framing::head) bytes = bytes.subspan(feed_head({bytes.data(), bytes.size()}));
    return {bytes.data(), feed_body(bytes)};
}

// How many bytes belong to the head.
std::size_t AnswerReader::feed_head(std::string_view bytes) {
    std::size_t at = 0;
    while (framing_ == Framing::head && at < bytes.size() && problem_.empty()) {
        const std::size_t feed = bytes.find('\n', at);
        const std::size_t end = feed == std::string_view::npos ? bytes.size() : feed + 1;
        head_bytes_ += end - at;
        line_ += bytes.substr(at, end - at);
        at = end;
        if (head_bytes_ > kMostHeadBytes)
            broken(fmt::format("its head is larger than {} KB", kMostHeadBytes / 1024));
        else if (feed != std::string_view::npos)
            take_line(std::exchange(line_, {}));
    }
    return at;
}

// How many of the bytes belong to the body, now at their front.
std::size_t AnswerReader::feed_body(std::span<char> bytes) {
    std::size_t count = 0;
    switch (framing_) {
        case Framing::head:
            return 0;
        case Framing::until_close:
            return bytes.size();
        case Framing::length:
            count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
            left_ -= count;
            if (left_ == 0) framing_ = Framing::done;
            surplus_ = count < bytes.size();
            return count;
        case Framing::chunked:
            return feed_chunks(bytes);
        case Framing::done:
            surplus_ |= !bytes.empty();
            return 0;
    }
    return 0;
}

void AnswerReader::take_line(std::string_view line) {
    line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
    if (status_ == 0) {
        status_ = status_of(line);
        if (status_ == 0) return broken("its first line is not the one of an HTTP/1.1 answer");
        is_http11_ = line.starts_with("HTTP/1.1");
        persistent_ = is_http11_;
    } else if (line.empty()) {
        return end_head();
    } else {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
            return broken("a header line is malformed");
    }
    head_.take(line);
}

void AnswerReader::end_head() {
    if (status_ == 101) return broken("it switches to a protocol that was not asked for");
    if (status_ >= 200) set_framing(head_.headers());
    if (framing_ == Framing::done) coding_.clear();  // there is no body to be coded
    head_.take("");
    status_ = 0;
}

// RFC 9112, 6.3.
void AnswerReader::set_framing(const Headers& headers) {
    if (lists(headers, "connection", "keep-alive")) persistent_ = true;
    if (lists(headers, "connection", "close")) persistent_ = false;
    for_each_element(headers, "content-encoding", [&](auto element) {
        if (!iequals(element, "identity"))
            coding_ += (coding_.empty() ? "" : ",") + lower_case(element);
    });
    if (to_head_ || status_ == 204 || status_ == 304) {
        framing_ = Framing::done;
        return;
    }
    if (!headers.get("transfer-encoding")) return set_length(headers);
    std::size_t codings = 0;
    for_each_element(headers, "transfer-encoding", [&](auto) { ++codings; });
    if (codings != 1 || !lists(headers, "transfer-encoding", "chunked"))
        return broken("its transfer coding is not `chunked` alone");
    // Two lengths, or chunks in a version without them: the chunks count, but whoever else has
    // looked at the connection may have seen another end (RFC 9112, 6.1 and 6.3).
    if (headers.get("content-length") || !is_http11_) persistent_ = false;
    framing_ = Framing::chunked;
}

void AnswerReader::set_length(const Headers& headers) {
    if (!headers.get("content-length")) {
        framing_ = Framing::until_close;
        persistent_ = false;
        return;
    }
    std::size_t seen = 0;
    bool valid = true;
    for_each_element(headers, "content-length", [&](std::string_view element) {
        std::uint64_t length = 0;
        const char* const last = element.data() + element.size();
        const auto [end, error] = std::from_chars(element.data(), last, length);
        valid &= error == std::errc() && end == last && (seen++ == 0 || length == left_);
        left_ = length;
    });
    if (!valid || seen == 0) return broken("its Content-Length is not one number");
    framing_ = left_ == 0 ? Framing::done : Framing::length;
}

// Moves the chunks' data together.
std::size_t AnswerReader::feed_chunks(std::span<char> bytes) {
    std::string_view rest(bytes.data(), bytes.size());
    std::size_t count = 0;
    while (!rest.empty() && !chunks_.done()) {
        const auto step = chunks_.next(rest);
        if (!step) {
            broken("its chunks are malformed");
            break;
        }
        if (!step->data.empty())
            std::memmove(bytes.data() + count, step->data.data(), step->data.size());
        count += step->data.size();
        rest.remove_prefix(step->consumed);
    }
    if (chunks_.done()) {
        framing_ = Framing::done;
        surplus_ = !rest.empty();
    }
    return count;
}

void AnswerReader::finish() {
    if (framing_ == Framing::until_close) framing_ = Framing::done;
    if (done() || !problem_.empty()) return;
    broken(framing_ == Framing::head ? "the connection closed before the head was complete"
                                     : "the connection closed before its end");
}

}  // namespace ccr::net
