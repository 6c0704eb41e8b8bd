// What a secret looks like when its value is not known: token prefixes, named values, user info in
// URLs.
//
// Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace ccr::redact {

/// Bytes [begin, end) of a text.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Appends the spans of everything that looks like a secret, by ascending begin.
void find_patterns(std::string_view text, std::vector<Span>& spans);

/// The token of a known maker, or the credentials after "Bearer ", whose prefix has its mark at
/// `at`.
std::optional<Span> token_at(std::string_view text, std::size_t at);

/// The value behind the ':' or '=' at `at` when a telling name stands before it: JSON members (at
/// any depth of escaping), query parameters, environment assignments and headers; or the user info
/// of a URL.
std::optional<Span> named_value_at(std::string_view text, std::size_t at);

/// Whether a member, header or parameter of this name holds a credential. Case, '-' and '_' do not
/// matter.
bool is_secret_name(std::string_view name);

}  // namespace ccr::redact
