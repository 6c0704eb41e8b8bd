// JsonText: text as it stands between the quotes of a JSON document, escapes kept.
//
// Most text only passes through: copying the escaped slice into another document is free of work,
// so a slice is decoded only where somebody reads it. A view: the bytes belong to a request body,
// to an SSE message or to an Arena, which must outlive it.
#pragma once

#include <string>
#include <string_view>

#include "base/arena.h"

namespace ccr::json {

class Text {
  public:
    constexpr Text() = default;

    /// From the bytes between two quotes of a valid document.
    static constexpr Text from_escaped(std::string_view escaped) { return Text(escaped); }
    /// From a literal that needs no escape.
    static consteval Text literal(const char* plain) { return Text(plain); }
    /// From plain UTF-8; what needs escaping is escaped into `arena`, the rest is viewed where it
    /// is, so `plain` must live as long as the result.
    static Text from_plain(std::string_view plain, Arena& arena);

    constexpr std::string_view escaped() const { return escaped_; }
    constexpr bool empty() const { return escaped_.empty(); }
    /// Plain UTF-8. A lone surrogate escape becomes U+FFFD.
    std::string decode() const;
    void decode_to(std::string& out) const;
    /// Plain UTF-8, without a copy where nothing is escaped, else in `arena`.
    std::string_view plain(Arena& arena) const;
    [[gnu::always_inline]] bool equals(std::string_view plain) const {
        // By the size of `plain`, which a literal's is known, so that no function is called.
        if (escaped_.size() == plain.size())
            return __builtin_memcmp(escaped_.data(), plain.data(), plain.size()) == 0;
        if (escaped_.size() < plain.size()) return false;
        // Escapes make a text longer, and what is longer without beginning with one is hardly
        // equal.
        const bool may_begin_alike =
            plain.empty() || escaped_[0] == plain[0] || escaped_[0] == '\\';
        return may_begin_alike && equals_unescaped(plain);
    }
    /// A copy owned by `arena`.
    Text kept(Arena& arena) const { return Text(arena.keep(escaped_)); }

    friend bool operator==(Text a, Text b);

  private:
    constexpr explicit Text(std::string_view escaped) : escaped_(escaped) {}
    bool equals_unescaped(std::string_view plain) const;
    std::string_view escaped_;
};

/// Appends `plain` with everything escaped that JSON requires; invalid UTF-8 becomes U+FFFD.
void escape_to(std::string& out, std::string_view plain);

}  // namespace ccr::json
