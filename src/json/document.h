// Document: a whole JSON text, checked once, as a flat table of nodes that keep their source
// positions.
//
// Views point into the text: nothing is unescaped, converted or copied until it is asked for, and
// every value can be had as the very bytes it was written with. That is what translation (copy
// escaped slices), splicing (replace byte ranges) and routing (read five fields of a large body)
// need. Grammar: RFC 8259. Lone surrogate escapes pass (Node clients send them); invalid UTF-8 does
// not.
//
// One thread at a time; a View is valid while its Document and the text live and until the next
// parse().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/text.h"

namespace ccr::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

struct Limits {
    std::uint32_t depth = 256;
    bool unique_root_keys =
        false;  // refuse a second member of one name at the top: readers differ on which counts
};

class View;

class Document {
  public:
    /// Checks and indexes `text`, which must outlive the views. Capacity is kept from call to call.
    /// Error: invalid_request, "line L column C: what".
    Result<View> parse(std::string_view text, Limits limits = {});

    std::string_view text() const { return text_; }

  private:
    friend class View;
    friend class Builder;
    struct Node {
        std::uint32_t begin;  // first byte of the value (a string's opening quote)
        std::uint32_t end;    // one past its last byte
        std::uint32_t next;   // index of the node after this value's subtree
        Kind kind;
    };
    std::string_view text_;
    std::vector<Node> nodes_;
};

/// One value of a document, or nothing: looking up an absent member gives a View that is false.
class View {
  public:
    View() = default;
    explicit operator bool() const { return document_ != nullptr; }

    Kind kind() const { return node().kind; }
    bool is(Kind kind) const { return document_ && node().kind == kind; }
    bool is_object() const { return is(Kind::object); }
    bool is_array() const { return is(Kind::array); }
    bool is_string() const { return is(Kind::string); }
    bool is_null() const { return is(Kind::null); }

    /// The bytes of the value, without blanks around it; empty for nothing.
    std::string_view raw() const;
    /// The whole text of the document the value is in.
    std::string_view document_text() const {
        return document_ ? document_->text() : std::string_view();
    }
    /// Byte range of the value in the document's text.
    std::uint32_t begin() const { return node().begin; }
    std::uint32_t end() const { return node().end; }

    /// The text of a string; empty for anything else.
    Text text() const;
    std::optional<bool> boolean() const;
    std::optional<double> number() const;
    /// A number without fraction that fits; nullopt for anything else.
    std::optional<std::int64_t> integer() const;

    /// The first member of that name of an object; nothing otherwise.
    View operator[](std::string_view key) const;

    /// Iteration: `for (auto [key, value] : view.members())`, `for (View element :
    /// view.elements())`; both are empty for other kinds.
    struct Member;
    class Members;
    class Elements;
    Members members() const;
    Elements elements() const;
    std::size_t size() const;  // members or elements; walks them
    bool has_elements() const { return (is_array() || is_object()) && node().next > index_ + 1; }

  private:
    friend class Document;
    View(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
    const Document::Node& node() const { return document_->nodes_[index_]; }
    const Document* document_ = nullptr;
    std::uint32_t index_ = 0;
};

struct View::Member {
    View key_node;  // its range is needed to cut a member out
    View value;
    Text key() const { return key_node.text(); }
    bool named(std::string_view name) const;
};

class View::Elements {
  public:
    struct Iterator {
        const Document* document;
        std::uint32_t index;
        View operator*() const { return View(document, index); }
        Iterator& operator++() {
            index = document->nodes_[index].next;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return index != other.index; }
    };
    Iterator begin() const { return {document_, first_}; }
    Iterator end() const { return {document_, last_}; }

  private:
    friend class View;
    Elements(const Document* d, std::uint32_t first, std::uint32_t last)
        : document_(d), first_(first), last_(last) {}
    const Document* document_;
    std::uint32_t first_, last_;
};

class View::Members {
  public:
    struct Iterator {
        const Document* document;
        std::uint32_t index;
        Member operator*() const { return {View(document, index), View(document, index + 1)}; }
        Iterator& operator++() {
            index = document->nodes_[index + 1].next;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return index != other.index; }
    };
    Iterator begin() const { return {document_, first_}; }
    Iterator end() const { return {document_, last_}; }

  private:
    friend class View;
    Members(const Document* d, std::uint32_t first, std::uint32_t last)
        : document_(d), first_(first), last_(last) {}
    const Document* document_;
    std::uint32_t first_, last_;
};

// Inline from here on: a decoder asks for dozens of members of each block, nearly always by a
// literal, whose comparison is one instruction only where it is inlined.
inline std::string_view View::raw() const {
    if (!document_) return {};
    const Document::Node& at = node();
    return {document_->text_.data() + at.begin, at.end - at.begin};
}

inline Text View::text() const {
    if (!is_string()) return {};
    const std::string_view quoted = raw();
    return Text::from_escaped(quoted.substr(1, quoted.size() - 2));
}

[[gnu::always_inline]] inline bool View::Member::named(std::string_view name) const {
    return key_node.text().equals(name);
}

[[gnu::always_inline]] inline View View::operator[](std::string_view key) const {
    for (const Member member : members()) {
        if (member.named(key)) return member.value;
    }
    return {};
}

inline View::Members View::members() const {
    if (!is_object()) return Members(nullptr, 0, 0);
    return Members(document_, index_ + 1, node().next);
}

inline View::Elements View::elements() const {
    if (!is_array()) return Elements(nullptr, 0, 0);
    return Elements(document_, index_ + 1, node().next);
}

}  // namespace ccr::json
