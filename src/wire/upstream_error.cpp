#include "wire/upstream_error.h"

#include <fmt/format.h>

#include <cctype>

#include "base/redact.h"
#include "json/utf8.h"
#include "wire/context_overflow.h"
#include "wire/refusal_wording.h"

namespace ccr::wire {
namespace {

constexpr std::size_t kExcerpt = 300;  // of an unreadable body; enough to recognise a proxy's page

// Tags out, blanks folded: the readable part of a proxy's HTML page.
std::string readable(std::string_view body) {
    std::string out;
    bool in_tag = false;
    for (const char c : body.substr(0, 4096)) {
        if (c == '<') in_tag = true;
        const bool blank = std::isspace(static_cast<unsigned char>(c)) || c == '<' || c == '>';
        if (blank && !out.empty() && out.back() != ' ') out += ' ';
        if (!blank && !in_tag && static_cast<unsigned char>(c) >= 0x20) out += c;
        if (c == '>') in_tag = false;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return json::mended_utf8(json::utf8_prefix(out, kExcerpt));
}

// 5xx too: servers exist that answer so (llama.cpp), and an error inside a stream has no status of
// its own. 429 speaks of tokens per minute.
bool may_be_overflow(int status) {
    return status == 400 || status == 413 || status == 422 || status >= 500;
}

// 404 too: an aggregator says so when none of its providers can do what was asked for, and a client
// would take it for an unknown model.
bool may_be_refusal(int status) {
    return status == 400 || status == 404 || status == 422;
}

// The next target may be able to do it, so this is no broken request.
Error refusal_error(std::string_view words, const std::string& message, const Target& target) {
    const std::string own = redact::text(message);
    Error error = make_error(
        ErrorKind::invalid_request,
        fmt::format("{}: {} (provider {}, model {})", words, own, target.provider, target.model));
    error.fault = Fault::upstream;
    error.retry = Retry::next_target;
    error.upstream_body = own;
    return error;
}

}  // namespace

Error upstream_error(int status, const std::string& message, const Target& target) {
    if (may_be_overflow(status) && says_context_overflow(message)) {
        Error error = make_error(ErrorKind::context_overflow, overflow_wording(message));
        error.fault = Fault::upstream;
        error.upstream_body = redact::text(message);
        return error;
    }
    if (may_be_refusal(status)) {
        if (const std::string_view words = refusal_wording(message); !words.empty())
            return refusal_error(words, message, target);
    }
    // Providers repeat the key that they refuse.
    Error error = make_error(kind_of_status(status),
                             fmt::format("{} (provider {}, model {})", redact::text(message),
                                         target.provider, target.model));
    error.fault = Fault::upstream;
    error.status = status;
    error.upstream_body = redact::text(message);
    // Another target has another key, other models and other limits; a broken request stays broken.
    if (error.kind != ErrorKind::invalid_request) error.retry = Retry::next_target;
    return error;
}

Error unreadable_error(int status, std::string_view body, const Target& target) {
    const std::string excerpt = readable(body);
    return upstream_error(status,
                          excerpt.empty() ? fmt::format("HTTP {} with an empty body", status)
                                          : fmt::format("HTTP {}: {}", status, excerpt),
                          target);
}

}  // namespace ccr::wire
