// JSON5 (json5.org) to a tree of values that remembers where in the text each of them stands.
//
// A Document is moved, not shared; its tree may be edited (interpolation does) without losing the
// places.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "config/config.h"

namespace ccr::config {

/// Where a member's name and its value begin; elements and the root have the same place twice.
struct Span {
    Place name;
    Place value;
};

struct Document {
    Document();
    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    std::unique_ptr<nlohmann::ordered_json> root;
    std::unordered_map<std::string, Span> spans;  // by JSON pointer (RFC 6901)
    std::vector<Finding> findings;                // duplicate keys, ill-formed UTF-8
    /// Names of variables without a value that a string still holds, by JSON pointer; see
    /// interpolate.h.
    std::map<std::string, std::vector<std::string>> unresolved;
};

/// The pointer of the member `key` of the object at `parent`.
std::string member_pointer(std::string_view parent, std::string_view key);
std::string element_pointer(std::string_view parent, std::size_t index);

/// Nesting that parse_json5 accepts.
inline constexpr int kMaxDepth = 200;

/// Error (kind config): "file:line:column: what was found; what to do". A repeated key: the last
/// one wins, as in JSON5.parse, and a finding says so. `file` only names the text.
Result<Document> parse_json5(std::string_view text, const std::string& file);

}  // namespace ccr::config
