#include "base/log_line.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cmath>

#include "base/redact.h"

namespace ccr::log {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed UTF-8 sequence at `at` (RFC 3629), or 0.
std::size_t sequence_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned lead = byte(0);
    if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool overlong = lead == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = lead == 0xED && byte(1) > 0x9F;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool overlong = lead == 0xF0 && byte(1) < 0x90;
        const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
        return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

void append_special(std::string& out, unsigned char byte) {
    switch (byte) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
    }
}

// Appends a JSON string's inside, copying runs that need no change at once.
void append_escaped(std::string& out, std::string_view text) {
    std::size_t plain = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\') {
            ++at;
            continue;
        }
        const std::size_t length = byte >= 0x80 ? sequence_at(text, at) : 0;
        if (length != 0) {
            at += length;
            continue;
        }
        out += text.substr(plain, at - plain);
        if (byte >= 0x80) {
            out += kReplacement;
        } else {
            append_special(out, byte);
        }
        plain = ++at;
    }
    out += text.substr(plain);
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

template <typename Number>
void append_number(std::string& out, Number number) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_value(std::string& out, const Field& field) {
    struct Append {
        std::string& out;
        void operator()(std::string_view text) const { append_quoted(out, text); }
        void operator()(std::int64_t number) const { append_number(out, number); }
        void operator()(bool truth) const { out += truth ? "true" : "false"; }
        void operator()(Field::Raw raw) const { out += raw.json; }
        void operator()(double number) const {
            if (std::isfinite(number)) {
                append_number(out, number);
            } else {
                out += "null";
            }
        }
    };
    std::visit(Append{out}, field.value);
}

std::atomic<unsigned> forks{0};

// ,"pid":1,"hostname":"h", never changes while the process lives; a fork gets its own.
const std::string& process_members() {
    static const int watched = ::pthread_atfork(nullptr, nullptr, [] { ++forks; });
    thread_local unsigned made_for = ~0U;
    thread_local std::string members;
    if (watched != 0 || made_for != forks.load(std::memory_order_relaxed)) {
        made_for = forks;
        std::array<char, 256> host{};
        if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
        members = fmt::format(",\"pid\":{},\"hostname\":", ::getpid());
        append_quoted(members, host.data());
        members += ',';
    }
    return members;
}

// A line feed inside JSON can only be blank between tokens; in the file it would end the line.
void flatten(std::string& out, std::size_t from) {
    for (const char feed : {'\n', '\r'}) {
        for (std::size_t at = from; (at = out.find(feed, at)) != std::string::npos;) out[at] = ' ';
    }
}

}  // namespace

void append_json_line(std::string& out, Level level, std::int64_t time_ms, std::string_view message,
                      std::initializer_list<Field> fields) {
    out += "{\"level\":";
    append_number(out, static_cast<int>(level));
    out += ",\"time\":";
    append_number(out, time_ms);
    out += process_members();
    const std::size_t from = out.size();
    for (const Field& field : fields) {
        append_quoted(out, field.key);
        out += ':';
        append_value(out, field);
        out += ',';
    }
    out += "\"msg\":";
    append_quoted(out, message);
    redact::scrub(out, from);
    flatten(out, from);
    out += "}\n";
}

void append_text_line(std::string& out, std::string_view message,
                      std::initializer_list<Field> fields) {
    const std::size_t from = out.size();
    append_escaped(out, message);
    for (const Field& field : fields) {
        out += ' ';
        append_escaped(out, field.key);
        out += '=';
        const auto* text = std::get_if<std::string_view>(&field.value);
        const bool plain = text != nullptr && !text->empty() &&
                           text->find_first_of(" \"=\\") == std::string_view::npos;
        if (plain) {
            append_escaped(out, *text);
        } else {
            append_value(out, field);
        }
    }
    redact::scrub(out, from);
    flatten(out, from);
}

void append_raw_line(std::string& out, std::string_view json) {
    const std::size_t from = out.size();
    out += json;
    flatten(out, from);
    out += '\n';
}

std::string scrub_lines(std::string_view lines) {
    std::string out;
    out.reserve(lines.size());
    while (!lines.empty()) {
        const std::size_t from = out.size(), end = std::min(lines.find('\n'), lines.size());
        out += lines.substr(0, end);
        redact::scrub(out, from);
        out += '\n';
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return out;
}

}  // namespace ccr::log
