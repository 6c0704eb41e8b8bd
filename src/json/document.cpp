#include "json/document.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "json/scan.h"

namespace ccr::json {

// Builder: one pass over the text. Containers are tracked on an explicit stack, so depth costs no
// call stack.
class Builder {
  public:
    Builder(Document& document, std::string_view text, Limits limits)
        : nodes_(document.nodes_), text_(text), limits_(limits) {}

    bool run();
    const char* why() const { return why_; }
    std::size_t where() const { return at_; }

  private:
    struct Open {
        std::uint32_t node;
        bool object;
    };

    bool value();
    bool scalar();
    bool string(Kind kind);
    bool literal(std::string_view word, Kind kind);
    bool open(bool object);
    bool after_value();
    bool member_key();
    void close();
    bool key_is_new(std::string_view key);
    bool stop(const char* why) { return why_ = why, false; }
    char now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void blanks() { at_ = skip_blanks(text_, at_); }
    std::uint32_t add(Kind kind, std::size_t begin, std::size_t end);

    std::vector<Document::Node>& nodes_;
    std::string_view text_;
    Limits limits_;
    std::vector<Open> stack_;
    std::size_t at_ = 0;
    const char* why_ = nullptr;
    bool done_ = false;
    std::unordered_set<std::string> root_keys_;  // only under limits_.unique_root_keys
};

std::uint32_t Builder::add(Kind kind, std::size_t begin, std::size_t end) {
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(
        {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), index + 1, kind});
    return index;
}

bool Builder::run() {
    blanks();
    if (at_ >= text_.size()) return stop("nothing; a JSON value was expected");
    while (!done_) {
        if (!value()) return false;
    }
    blanks();
    return at_ == text_.size() || stop("more text after the end of the JSON value");
}

// Reads one value, or opens one container and its first key; then what may follow.
bool Builder::value() {
    blanks();
    const char c = now();
    if (c == '{') return open(true);
    if (c == '[') return open(false);
    return scalar() && after_value();
}

bool Builder::scalar() {
    switch (now()) {
        case '"':
            return string(Kind::string);
        case 't':
            return literal("true", Kind::boolean);
        case 'f':
            return literal("false", Kind::boolean);
        case 'n':
            return literal("null", Kind::null);
        default:
            break;
    }
    const std::size_t end = scan_number(text_, at_);
    if (end == std::string_view::npos)
        return stop(at_ < text_.size() ? "something that is no JSON value"
                                       : "the end of the text inside a value");
    add(Kind::number, at_, end);
    at_ = end;
    return true;
}

bool Builder::string(Kind kind) {
    const std::size_t begin = at_++;
    const std::size_t quote = scan_string(text_, at_, why_);
    if (quote == std::string_view::npos) return false;
    at_ = quote + 1;
    add(kind, begin, at_);
    return true;
}

bool Builder::literal(std::string_view word, Kind kind) {
    if (text_.substr(at_, word.size()) != word) return stop("a word that JSON does not have");
    add(kind, at_, at_ + word.size());
    at_ += word.size();
    return true;
}

bool Builder::open(bool object) {
    if (stack_.size() >= limits_.depth) return stop("nesting that is too deep");
    stack_.push_back({add(object ? Kind::object : Kind::array, at_, at_), object});
    ++at_;
    blanks();
    if (now() == (object ? '}' : ']')) {
        close();
        return after_value();
    }
    return object ? member_key() : true;
}

void Builder::close() {
    Document::Node& node = nodes_[stack_.back().node];
    node.end = static_cast<std::uint32_t>(++at_);
    node.next = static_cast<std::uint32_t>(nodes_.size());
    stack_.pop_back();
}

bool Builder::member_key() {
    blanks();
    if (now() != '"') return stop("no member name in double quotes where one was expected");
    const std::size_t begin = at_ + 1;
    if (!string(Kind::string)) return false;
    if (limits_.unique_root_keys && stack_.size() == 1 &&
        !key_is_new(text_.substr(begin, at_ - 1 - begin))) {
        at_ = begin;
        return stop("a second member of the same name");
    }
    blanks();
    if (now() != ':') return stop("no ':' after a member name");
    ++at_;
    return true;
}

bool Builder::key_is_new(std::string_view key) {
    return root_keys_.insert(Text::from_escaped(key).decode()).second;
}

bool Builder::after_value() {
    while (!stack_.empty()) {
        blanks();
        const bool object = stack_.back().object;
        const char c = now();
        if (c == ',') {
            ++at_;
            return object ? member_key() : true;
        }
        if (c != (object ? '}' : ']')) {
            return stop(at_ >= text_.size() ? "the end of the text inside an object or array"
                        : object            ? "no ',' or '}' after a member"
                                            : "no ',' or ']' after an element");
        }
        close();
    }
    done_ = true;
    return true;
}

namespace {

constexpr std::size_t kBytesPerNode = 16;  // few texts have more nodes; unused room costs nothing

std::string place_in(std::string_view text, std::size_t at) {
    std::size_t line = 1, line_start = 0;
    for (std::size_t i = 0; i < at && i < text.size(); ++i) {
        if (text[i] == '\n') {
            ++line;
            line_start = i + 1;
        }
    }
    return fmt::format("line {} column {}", line, at - line_start + 1);
}

}  // namespace

Result<View> Document::parse(std::string_view text, Limits limits) {
    text_ = text;
    nodes_.clear();
    if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
        return fail(ErrorKind::request_too_large, "a JSON text of 4 GB or more");
    }
    nodes_.reserve(text.size() / kBytesPerNode);
    Builder builder(*this, text, limits);
    if (!builder.run()) {
        nodes_.clear();
        return fail(ErrorKind::invalid_request,
                    fmt::format("{}: {}", place_in(text, builder.where()), builder.why()));
    }
    return View(this, 0);
}

std::optional<bool> View::boolean() const {
    if (!is(Kind::boolean)) return std::nullopt;
    return raw() == "true";
}

std::optional<double> View::number() const {
    if (!is(Kind::number)) return std::nullopt;
    const std::string_view digits = raw();
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> View::integer() const {
    if (!is(Kind::number)) return std::nullopt;
    const std::string_view digits = raw();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc() && end == digits.data() + digits.size()) return value;
    const auto real = number();  // 1e3 and 5.0 are integers too
    if (!real || *real != std::floor(*real) || std::abs(*real) > 9.0e15) return std::nullopt;
    return static_cast<std::int64_t>(*real);
}

std::size_t View::size() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const View element : elements()) ++count;
    for ([[maybe_unused]] const Member member : members()) ++count;
    return count;
}

}  // namespace ccr::json
