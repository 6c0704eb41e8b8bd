#include "config/edit_router.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "config/json5.h"
#include "config/json5_cursor.h"
#include "config/node.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;

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
            while (cursor.peek() != Json5Cursor::kEnd && !is_json5_space(cursor.peek()) &&
                   std::u32string_view(U",:]}[{\"'/").find(cursor.peek()) ==
                       std::u32string_view::npos)
                cursor.take();
    } while (depth > 0);
}

// A new first member of the object at `place`, on a line of its own where the others are.
std::string with_member(std::string text, const Node& object, std::string_view key,
                        const std::string& json) {
    Json5Cursor cursor = cursor_at(text, object.place());
    cursor.take();
    const std::size_t at = cursor.offset();
    const bool is_empty = object.members().empty();
    std::size_t next = text.find_first_not_of(" \t", at);
    std::string before = " ";
    if (next != std::string::npos && (text[next] == '\n' || text[next] == '\r')) {
        const std::size_t line = text.find('\n', at) + 1;
        const std::size_t indent = text.find_first_not_of(" \t", line);
        before = "\n" + text.substr(line, indent == std::string::npos ? 0 : indent - line);
    }
    std::string member = fmt::format("{}\"{}\": {}{}", before, key, json, is_empty ? " " : ",");
    text.insert(at, member);
    return text;
}

std::string with_value(std::string text, const Node& value, const std::string& json) {
    Json5Cursor cursor = cursor_at(text, value.place());
    const std::size_t begin = cursor.offset();
    pass_value(cursor);
    text.replace(begin, cursor.offset() - begin, json);
    return text;
}

// The member with the comma after it; the last one with the comma before it.
std::string without_member(std::string text, const Node& value) {
    Json5Cursor cursor = cursor_at(text, value.place());
    std::size_t begin = cursor_at(text, value.name_place()).offset();
    pass_value(cursor);
    std::size_t end = cursor.offset();
    if (cursor.skip_blank() && cursor.take_if(U',')) {
        end = cursor.offset();
        while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    } else if (const std::size_t comma = text.find_last_not_of(" \t\r\n", begin - 1);
               comma != std::string::npos && text[comma] == ',') {
        begin = comma;
    }
    text.erase(begin, end - begin);
    return text;
}

struct Plan {
    Node router, value;
    std::string router_key, key;  // as they are spelled in the file
};

std::string name_in(const Node& object, const Node& value, std::string_view otherwise) {
    for (const auto& [name, member] : object.members()) {
        if (member.pointer() == value.pointer()) return name;
    }
    return std::string(otherwise);
}

Json expected(const Node& root, const Plan& plan, const std::optional<std::string>& value) {
    Json out = Json::parse(root.json());
    if (value)
        out[plan.router_key][plan.key] = *value;
    else
        out[plan.router_key].erase(plan.key);
    return out;
}

Result<Json> parsed(const std::string& text, const std::string& file) {
    TRY(const Document document, parse_json5(text, file));
    return Json::parse(Node::root_of(document).json());
}

std::string edited(std::string text, const Node& root, const Plan& plan,
                   const std::optional<std::string>& value) {
    if (!value) return plan.value ? without_member(std::move(text), plan.value) : text;
    const std::string json = Json(*value).dump();
    if (plan.value) return with_value(std::move(text), plan.value, json);
    if (plan.router) return with_member(std::move(text), plan.router, plan.key, json);
    return with_member(std::move(text), root, plan.router_key,
                       fmt::format("{{ \"{}\": {} }}", plan.key, json));
}

// In whatever order: an inserted member comes first.
bool is_same(const Json& a, const Json& b) {
    return nlohmann::json(a) == nlohmann::json(b);
}

}  // namespace

Result<std::string> edit_router(std::string text, const std::string& file, std::string_view key,
                                const std::optional<std::string>& value) {
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        text = "{\n  \"Router\": {\n  }\n}\n";
    TRY(const Document document, parse_json5(text, file));
    const Node root = Node::root_of(document);
    Plan plan;
    plan.router = root.any_of({"router"});
    if (!root.is_object() || (plan.router && !plan.router.is_object()))
        return fail(
            ErrorKind::config,
            fmt::format("{} has no object where the Router belongs; correct it by hand.", file));
    plan.router_key = name_in(root, plan.router, "Router");
    plan.value = plan.router.any_of({folded(key)});
    plan.key = name_in(plan.router, plan.value, key);
    if (!value && !plan.value) return text;
    const Json wanted = expected(root, plan, value);
    std::string out = edited(text, root, plan, value);
    const auto got = parsed(out, file);
    if (!got || !is_same(*got, wanted))
        return fail(ErrorKind::config,
                    fmt::format("{} cannot be edited safely; set Router.{} in it by hand.", file,
                                plan.key));
    return out;
}

}  // namespace ccr::config
