// Node: a read-only look at one value of a Document, with its place. An absent value is a Node too,
// so that optional settings read without a ladder of checks.
//
// A view: the Document must outlive it and must not change meanwhile.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/json5.h"

namespace ccr::config {

class Node {
  public:
    Node() = default;
    static Node root_of(const Document& document);

    explicit operator bool() const { return value_ != nullptr; }
    bool is_null() const;
    bool is_object() const;
    bool is_array() const;
    /// Absent, null, "", [], {}, false or 0: what JavaScript users leave behind when they switch a
    /// thing off.
    bool is_blank() const;

    std::optional<std::string> text() const;  // a string
    std::optional<double> number() const;     // a number
    std::optional<bool> boolean() const;
    /// A string, number or boolean as text; nullopt for the rest.
    std::optional<std::string> scalar_text() const;
    /// "text", "a number", "a list" ...: for messages.
    std::string_view kind() const;
    /// Compact JSON.
    std::string json() const;

    /// The member of exactly this name; absent when there is none or this is no object.
    Node operator[](std::string_view name) const;
    /// First present of these, compared without case, '_' and '-'. In order of `folded` (see
    /// folded()).
    Node any_of(std::initializer_list<std::string_view> folded) const;
    std::vector<std::pair<std::string, Node>> members() const;
    std::vector<Node> elements() const;

    Place place() const;       // of the value
    Place name_place() const;  // of the member's name
    const std::string& pointer() const { return pointer_; }
    /// Variables that this very string names and that have no value.
    const std::vector<std::string>& unresolved() const;

  private:
    Node(const Document* document, const nlohmann::ordered_json* value, std::string pointer)
        : document_(document), value_(value), pointer_(std::move(pointer)) {}

    const Document* document_ = nullptr;
    const nlohmann::ordered_json* value_ = nullptr;
    std::string pointer_;
};

/// Lower case, without '_' and '-': "api_base_url", "apiBaseUrl" and "API-BASE-URL" become one
/// name.
std::string folded(std::string_view name);
std::string lowered(std::string_view text);
/// Without blanks on both sides.
std::string_view trimmed(std::string_view text);

}  // namespace ccr::config
