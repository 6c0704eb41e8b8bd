#include "config/json5_cursor.h"

#include <fmt/format.h>

#include <utility>

#include "json/utf8.h"

namespace ccr::config {
namespace {

char32_t decoded(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    if (sequence.size() == 1) return byte(0);
    char32_t c = byte(0) & (0xFFu >> (sequence.size() + 1));
    for (std::size_t i = 1; i < sequence.size(); ++i) c = c << 6 | (byte(i) & 0x3Fu);
    return c;
}

}  // namespace

std::unexpected<Trouble> trouble(Place place, std::string message) {
    return std::unexpected(Trouble{place, std::move(message)});
}

void Json5Cursor::decode() {
    if (offset_ >= text_.size()) {
        width_ = 0;
        current_ = kEnd;
        return;
    }
    width_ = json::valid_sequence(text_.substr(offset_));
    current_ = width_ == 0 ? json::kReplacement : decoded(text_.substr(offset_, width_));
    if (width_ == 0) width_ = 1;
}

char32_t Json5Cursor::take() {
    const char32_t taken = current_;
    if (taken == kEnd) return taken;
    offset_ += width_;
    decode();
    const bool half_of_pair = taken == U'\r' && current_ == U'\n';
    if (is_line_end(taken) && !half_of_pair) {
        place_ = {place_.line + 1, 1};
    } else {
        ++place_.column;
    }
    return taken;
}

bool Json5Cursor::take_if(char32_t expected) {
    if (current_ != expected) return false;
    take();
    return true;
}

Parsed<void> Json5Cursor::skip_blank() {
    while (true) {
        if (is_json5_space(current_) || is_line_end(current_)) {
            take();
            continue;
        }
        if (current_ != U'/') return {};
        const Place start = place_;
        take();
        if (take_if(U'/')) {
            skip_line_comment();
        } else if (take_if(U'*')) {
            TRY_DO(skip_block_comment(start));
        } else {
            return trouble(start, "found a single '/'; a comment begins with // or /*");
        }
    }
}

void Json5Cursor::skip_line_comment() {
    while (current_ != kEnd && !is_line_end(current_)) take();
}

Parsed<void> Json5Cursor::skip_block_comment(Place start) {
    while (current_ != kEnd) {
        if (take() == U'*' && take_if(U'/')) return {};
    }
    return trouble(start, "this comment is never closed; end it with */");
}

bool is_json5_space(char32_t c) {
    switch (c) {
        case U'\t':
        case U'\v':
        case U'\f':
        case U' ':
        case 0x00A0:
        case 0xFEFF:
        // The rest of Unicode's category Zs.
        case 0x1680:
        case 0x202F:
        case 0x205F:
        case 0x3000:
            return true;
        default:
            return c >= 0x2000 && c <= 0x200A;
    }
}

bool is_line_end(char32_t c) {
    return c == U'\n' || c == U'\r' || c == 0x2028 || c == 0x2029;
}

std::string described(char32_t c) {
    if (c == Json5Cursor::kEnd) return "the end of the file";
    if (c > U' ' && c < 0x7F) return fmt::format("'{}'", static_cast<char>(c));
    if (c < 0xA1 || is_json5_space(c) || is_line_end(c)) {
        return fmt::format("U+{:04X}", static_cast<unsigned>(c));
    }
    std::string text;
    json::append_code_point(text, c);
    return fmt::format("'{}' (U+{:04X})", text, static_cast<unsigned>(c));
}

std::string at(Place place) {
    return fmt::format("{}:{}", place.line, place.column);
}

}  // namespace ccr::config
