// Redactor: takes secrets out of any text on its way to a sink.
//
// By value (every configured key and every key that clients present), by pattern (sk-..., Bearer
// ..., key=... in URLs and so on) and, for headers, by name. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccr::redact {

/// Replaces the set of secret values that are hidden wherever they appear, as they are,
/// JSON-escaped and percent-encoded. Values under 6 bytes and the well-known placeholders of
/// keyless servers are ignored.
void set_secrets(std::vector<std::string> values);

/// More such values, of configurations that come later (presets); they stay until the process ends.
void add_secrets(const std::vector<std::string>& values);

/// Adds a key that a client presented. The latest 64 of them are remembered, whatever set_secrets()
/// holds.
void add_presented(std::string_view value);

/// `text` with every secret replaced by "[redacted]".
std::string text(std::string_view text);

/// The same in place, from byte `from` on; cheap when there is nothing to hide.
void scrub(std::string& text, std::size_t from = 0);

/// Whether a header of this name carries a credential (case-insensitive).
bool is_secret_header(std::string_view name);

/// A URL with its user info and its key-like query values hidden.
std::string url(std::string_view url);

}  // namespace ccr::redact
