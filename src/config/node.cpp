#include "config/node.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace ccr::config {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

const Span* span_of(const Document* document, const std::string& pointer) {
    if (document == nullptr) return nullptr;
    const auto found = document->spans.find(pointer);
    return found == document->spans.end() ? nullptr : &found->second;
}

}  // namespace

Node Node::root_of(const Document& document) {
    return Node(&document, document.root.get(), "");
}

bool Node::is_null() const {
    return value_ != nullptr && value_->is_null();
}
bool Node::is_object() const {
    return value_ != nullptr && value_->is_object();
}
bool Node::is_array() const {
    return value_ != nullptr && value_->is_array();
}

bool Node::is_blank() const {
    if (value_ == nullptr || value_->is_null()) return true;
    if (value_->is_string()) return value_->get_ref<const std::string&>().empty();
    if (value_->is_boolean()) return !value_->get<bool>();
    if (value_->is_number()) return value_->get<double>() == 0;
    return value_->empty();
}

std::optional<std::string> Node::text() const {
    if (value_ == nullptr || !value_->is_string()) return std::nullopt;
    return value_->get<std::string>();
}

std::optional<double> Node::number() const {
    if (value_ == nullptr || !value_->is_number()) return std::nullopt;
    return value_->get<double>();
}

std::optional<bool> Node::boolean() const {
    if (value_ == nullptr || !value_->is_boolean()) return std::nullopt;
    return value_->get<bool>();
}

std::optional<std::string> Node::scalar_text() const {
    if (value_ == nullptr || value_->is_structured() || value_->is_null()) return std::nullopt;
    return value_->is_string() ? value_->get<std::string>() : value_->dump();
}

std::string_view Node::kind() const {
    if (value_ == nullptr) return "nothing";
    switch (value_->type()) {
        case nlohmann::json::value_t::null:
            return "null";
        case nlohmann::json::value_t::object:
            return "an object";
        case nlohmann::json::value_t::array:
            return "a list";
        case nlohmann::json::value_t::string:
            return "text";
        case nlohmann::json::value_t::boolean:
            return "true or false";
        default:
            return "a number";
    }
}

std::string Node::json() const {
    return value_ == nullptr ? std::string() : value_->dump();
}

Node Node::operator[](std::string_view name) const {
    if (!is_object()) return {};
    const auto found = value_->find(std::string(name));
    if (found == value_->end()) return {};
    return Node(document_, &*found, member_pointer(pointer_, name));
}

Node Node::any_of(std::initializer_list<std::string_view> names) const {
    if (!is_object()) return {};
    Node blank;
    for (const std::string_view name : names) {
        for (const auto& [key, value] : value_->items()) {
            if (folded(key) != name) continue;
            const Node node(document_, &value, member_pointer(pointer_, key));
            if (!node.is_blank()) return node;
            if (!blank) blank = node;
        }
    }
    return blank;
}

std::vector<std::pair<std::string, Node>> Node::members() const {
    std::vector<std::pair<std::string, Node>> out;
    if (!is_object()) return out;
    for (const auto& [key, value] : value_->items()) {
        out.emplace_back(key, Node(document_, &value, member_pointer(pointer_, key)));
    }
    return out;
}

std::vector<Node> Node::elements() const {
    std::vector<Node> out;
    if (!is_array()) return out;
    for (std::size_t i = 0; i < value_->size(); ++i) {
        out.push_back(Node(document_, &(*value_)[i], element_pointer(pointer_, i)));
    }
    return out;
}

Place Node::place() const {
    const Span* span = span_of(document_, pointer_);
    return span == nullptr ? Place{} : span->value;
}

Place Node::name_place() const {
    const Span* span = span_of(document_, pointer_);
    return span == nullptr ? Place{} : span->name;
}

const std::vector<std::string>& Node::unresolved() const {
    static const std::vector<std::string> none;
    if (document_ == nullptr) return none;
    const auto found = document_->unresolved.find(pointer_);
    return found == document_->unresolved.end() ? none : found->second;
}

std::string folded(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c != '_' && c != '-') out.push_back(lower(c));
    }
    return out;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace ccr::config
