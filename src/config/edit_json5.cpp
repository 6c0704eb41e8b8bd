#include "config/edit_json5.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "config/json5.h"
#include "config/json5_cursor.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kBlanks = " \t\r\n";

// Where `place` is; the cursor stands there.
Json5Cursor cursor_at(std::string_view text, Place place) {
    Json5Cursor cursor(text);
    while (cursor.peek() != Json5Cursor::kEnd &&
           std::pair(cursor.place().line, cursor.place().column) <
               std::pair(place.line, place.column))
        cursor.take();
    return cursor;
}

void pass_string(Json5Cursor& cursor) {
    const char32_t quote = cursor.take();
    while (cursor.peek() != Json5Cursor::kEnd && cursor.peek() != quote) {
        if (cursor.take() == U'\\') cursor.take();
    }
    cursor.take();
}

bool ends_word(char32_t c) {
    return c == Json5Cursor::kEnd || is_json5_space(c) || is_line_end(c) ||
           std::u32string_view(U",:]}[{\"'/").find(c) != std::u32string_view::npos;
}

// A value of any kind. The text has been parsed, so it is well formed.
void pass_value(Json5Cursor& cursor) {
    int depth = 0;
    do {
        if (const auto blank = cursor.skip_blank(); !blank) return;
        const char32_t c = cursor.peek();
        if (c == Json5Cursor::kEnd) return;
        if (c == U'"' || c == U'\'')
            pass_string(cursor);
        else if (c == U'{' || c == U'[')
            ++depth, cursor.take();
        else if (c == U'}' || c == U']')
            --depth, cursor.take();
        else if (c == U',' || c == U':')
            cursor.take();
        else
            while (!ends_word(cursor.peek())) cursor.take();
    } while (depth > 0);
}

struct Range {
    std::size_t begin = 0, end = 0;
};

Range range_of(std::string_view text, const Node& value) {
    Json5Cursor cursor = cursor_at(text, value.place());
    const std::size_t begin = cursor.offset();
    pass_value(cursor);
    return {begin, cursor.offset()};
}

std::string indent_of_line(std::string_view text, std::size_t at) {
    const std::size_t newline = text.rfind('\n', at);
    const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
    const std::size_t end = std::min(text.find_first_not_of(" \t", line), text.size());
    return std::string(text.substr(line, end - line));
}

std::string indented(const std::string& json, const std::string& indent) {
    std::string out;
    for (const char c : json) out += c == '\n' ? "\n" + indent : std::string(1, c);
    return out;
}

std::vector<Node> children_of(const Node& parent) {
    if (parent.is_array()) return parent.elements();
    std::vector<Node> out;
    for (const auto& [name, value] : parent.members()) out.push_back(value);
    return out;
}

std::string in_empty(std::string text, Range parent, const std::string& member) {
    const std::string inside = text.substr(parent.begin + 1, parent.end - parent.begin - 2);
    if (inside.find('\n') == std::string::npos) {
        text.insert(parent.begin + 1, fmt::format(" {} ", member));
        return text;
    }
    const std::string indent = indent_of_line(text, parent.end - 1) + "  ";
    const std::size_t content = text.find_last_not_of(kBlanks, parent.end - 2) + 1;
    text.insert(content, "\n" + indent + indented(member, indent));
    return text;
}

// Behind the last member or element, on a line of its own where that one has one.
std::string appended(std::string text, const Node& parent, const std::string& member) {
    const Range range = range_of(text, parent);
    const std::vector<Node> children = children_of(parent);
    if (children.empty()) return in_empty(std::move(text), range, member);
    const Node& last = children.back();
    Json5Cursor cursor = cursor_at(text, last.place());
    pass_value(cursor);
    std::size_t end = cursor.offset();
    const bool ends_in_comma = cursor.skip_blank() && cursor.take_if(U',');
    if (ends_in_comma) end = cursor.offset();
    const std::size_t name = cursor_at(text, last.name_place()).offset();
    const std::size_t before = text.find_last_not_of(" \t", name - 1);
    if (text[before] != '\n') {
        text.insert(end, fmt::format("{} {}", ends_in_comma ? "" : ",", member));
        return text;
    }
    const std::string indent = indent_of_line(text, name);
    const std::size_t content = text.find_last_not_of(kBlanks, range.end - 2) + 1;
    text.insert(content, "\n" + indent + indented(member, indent) + (ends_in_comma ? "," : ""));
    if (!ends_in_comma) text.insert(end, ",");
    return text;
}

// The blanks, with the line's end, that a line of nothing else would be left with.
Range with_own_line(std::string_view text, Range range) {
    const std::size_t before = text.find_last_not_of(" \t", range.begin - 1);
    const std::size_t after = std::min(text.find_first_not_of(" \t\r", range.end), text.size());
    if (before == std::string_view::npos || text[before] != '\n') return range;
    if (after < text.size() && text[after] != '\n') return range;
    return {before, after};
}

// Of the comma that stands between the child before `value` and it; nullopt for the first child.
std::optional<std::size_t> comma_before(std::string_view text, const Node& parent,
                                        const Node& value) {
    const auto stands_at = [](const Node& node) {
        return std::pair(node.place().line, node.place().column);
    };
    std::optional<Node> before;
    for (const Node& child : children_of(parent)) {
        if (stands_at(child) < stands_at(value)) before = child;
    }
    if (!before) return std::nullopt;
    Json5Cursor cursor = cursor_at(text, before->place());
    pass_value(cursor);
    if (!cursor.skip_blank() || cursor.peek() != U',') return std::nullopt;
    return cursor.offset();
}

// The member with the comma after it; the last one with the comma before it.
std::string taken_out(std::string text, const Node& parent, const Node& value) {
    Json5Cursor cursor = cursor_at(text, value.place());
    Range range{cursor_at(text, value.name_place()).offset(), 0};
    pass_value(cursor);
    range.end = cursor.offset();
    const bool has_comma_after = cursor.skip_blank() && cursor.take_if(U',');
    if (has_comma_after) range.end = cursor.offset();
    const Range whole = with_own_line(text, range);
    if (whole.begin != range.begin)
        range = whole;
    else if (has_comma_after)
        range.end = std::min(text.find_first_not_of(" \t", range.end), text.size());
    const auto comma = has_comma_after ? std::nullopt : comma_before(text, parent, value);
    // A comment between the two stays.
    const bool is_near = comma && text.find_first_not_of(kBlanks, *comma + 1) >= range.begin;
    if (is_near) range.begin = *comma;
    text.erase(range.begin, range.end - range.begin);
    if (comma && !is_near) text.erase(*comma, 1);
    return text;
}

// Where a change takes place: the deepest value that is there, and the parts that lead on from it.
struct Spot {
    Node parent, value;  // `value` absent = the parts of `missing` are not there
    KeyPath missing;
};

Spot spot_of(const Node& root, const KeyPath& path) {
    Spot spot{root, root, {}};
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Node next = node_at(spot.value, {path[i]});
        spot.parent = spot.value;
        spot.value = next;
        if (next) continue;
        spot.missing.assign(path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
        break;
    }
    return spot;
}

Result<void> check_parent(const Spot& spot, const KeyPath& path, const std::string& file) {
    const bool fits = spot.parent.is_object() ||
                      (spot.parent.is_array() &&
                       element_number(spot.missing.front()) == spot.parent.elements().size());
    if (fits) return {};
    const Place place = spot.parent.place();
    const KeyPath there(path.begin(),
                        path.end() - static_cast<std::ptrdiff_t>(spot.missing.size()));
    return fail(
        ErrorKind::config,
        fmt::format("{}:{}:{}: {} is {}, which has no place for \"{}\".", file, place.line,
                    place.column, there.empty() ? "the configuration" : key_path_text(there),
                    spot.parent.kind(), spot.missing.front()));
}

// What is to be written behind the last child: the value within the objects that are missing.
std::string member_text(const Spot& spot, const std::string& json) {
    std::string out = json;
    for (std::size_t i = spot.missing.size(); i-- > 0;) {
        if (i == 0 && spot.parent.is_array()) break;
        out = fmt::format("{}: {}", Json(spot.missing[i]).dump(), out);
        if (i > 0) out = fmt::format("{{ {} }}", out);
    }
    return out;
}

Result<Json> as_json(const std::string& text, const std::string& file) {
    TRY(const Document document, parse_json5(text, file));
    return Json::parse(Node::root_of(document).json());
}

Json& place_in(Json& root, const KeyPath& path) {
    Json* at = &root;
    for (const std::string& part : path)
        at = at->is_array() ? &(*at)[*element_number(part)] : &(*at)[part];
    return *at;
}

// In whatever order: duplicate keys and the like are what this is to find.
Result<std::string> proven(std::string edited, const Json& wanted, const std::string& file,
                           const KeyPath& path) {
    const auto got = as_json(edited, file);
    if (got && nlohmann::json(*got) == nlohmann::json(wanted)) return edited;
    return fail(ErrorKind::config, fmt::format("{} cannot be edited safely; set {} in it by hand.",
                                               file, key_path_text(path)));
}

}  // namespace

Result<std::string> set_value(std::string text, const std::string& file, const KeyPath& path,
                              const std::string& json) {
    if (text.find_first_not_of(kBlanks) == std::string::npos) text = "{\n}\n";
    TRY(const Document document, parse_json5(text, file));
    const Node root = Node::root_of(document);
    const Spot spot = spot_of(root, path);
    if (!spot.value) {
        TRY_DO(check_parent(spot, path, file));
    }
    Json wanted = Json::parse(root.json());
    place_in(wanted, path) = Json::parse(json);
    if (!spot.value) {
        std::string edited = appended(std::move(text), spot.parent, member_text(spot, json));
        return proven(std::move(edited), wanted, file, path);
    }
    const Range range = range_of(text, spot.value);
    const std::string indent = indent_of_line(text, range.begin);
    text.replace(range.begin, range.end - range.begin, indented(json, indent));
    return proven(std::move(text), wanted, file, path);
}

Result<std::string> unset_value(std::string text, const std::string& file, const KeyPath& path) {
    TRY(const Document document, parse_json5(text, file));
    const Node root = Node::root_of(document);
    const Spot spot = spot_of(root, path);
    if (!spot.value || path.empty()) return text;
    Json wanted = Json::parse(root.json());
    Json& parent = place_in(wanted, {path.begin(), path.end() - 1});
    if (parent.is_array())
        parent.erase(*element_number(path.back()));
    else
        parent.erase(path.back());
    return proven(taken_out(std::move(text), spot.parent, spot.value), wanted, file, path);
}

}  // namespace ccr::config
