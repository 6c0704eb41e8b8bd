#include "config/key_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/secrets.h"

namespace ccr::config {
namespace {

std::unexpected<Error> bad_path(std::string_view text, std::string_view why) {
    return fail(ErrorKind::invalid_request,
                fmt::format("\"{}\" is no key: {}. A key is written Router.default, "
                            "Providers.NAME.models[0] or a[\"b.c\"].",
                            text, why));
}

// The part between the bracket at `at` and its end; `at` moves behind it. nullopt: it has no end.
std::optional<std::string> bracketed(std::string_view text, std::size_t& at) {
    ++at;
    const char quote = at < text.size() ? text[at] : '\0';
    const bool is_quoted = quote == '"' || quote == '\'';
    const std::size_t begin = is_quoted ? at + 1 : at;
    const std::string end = is_quoted ? std::string(1, quote) + "]" : "]";
    const std::size_t stop = text.find(end, begin);
    if (stop == std::string_view::npos) return std::nullopt;
    at = stop + end.size();
    return std::string(text.substr(begin, stop - begin));
}

std::string name_of_element(const Node& element) {
    return element.any_of({"name"}).text().value_or(element.any_of({"id"}).text().value_or(""));
}

// How the file spells the next part; the part itself when it has none such.
std::string spelled(const Node& parent, const std::string& part) {
    if (parent.is_object()) {
        if (parent[part]) return part;
        for (const auto& [name, value] : parent.members()) {
            if (folded(name) == folded(part)) return name;
        }
    }
    if (!parent.is_array() || element_number(part)) return part;
    const std::vector<Node> elements = parent.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
        if (lowered(name_of_element(elements[i])) == lowered(part)) return std::to_string(i);
    }
    return part;
}

Node child(const Node& parent, const std::string& part) {
    if (parent.is_object()) return parent[part];
    const auto number = element_number(part);
    const std::vector<Node> elements = parent.elements();
    return number && *number < elements.size() ? elements[*number] : Node();
}

}  // namespace

std::optional<std::size_t> element_number(std::string_view part) {
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (part.empty() || failed != std::errc() || end != part.data() + part.size())
        return std::nullopt;
    return number;
}

Result<KeyPath> parse_key_path(std::string_view text) {
    KeyPath path;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == '[') {
            auto part = bracketed(text, at);
            if (!part) return bad_path(text, "a bracket does not close");
            path.push_back(*std::move(part));
        } else {
            const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
            path.emplace_back(text.substr(at, end - at));
            at = end;
        }
        if (path.back().empty()) return bad_path(text, "a name in it is empty");
        if (at == text.size() || text[at] == '[') continue;
        if (text[at] != '.' || at + 1 == text.size())
            return bad_path(text, "a name in it is empty");
        ++at;
    }
    if (path.empty()) return bad_path(text, "it is empty");
    return path;
}

std::string key_path_text(const KeyPath& path) {
    std::string out;
    for (const std::string& part : path) {
        if (element_number(part))
            out += fmt::format("[{}]", part);
        else if (part.find_first_of(".[]\"") != std::string::npos)
            out += fmt::format("[\"{}\"]", part);
        else
            out += (out.empty() ? "" : ".") + part;
    }
    return out;
}

KeyPath spelled_in(const Node& root, const KeyPath& path) {
    KeyPath out;
    Node at = root;
    for (const std::string& part : path) {
        out.push_back(spelled(at, part));
        at = child(at, out.back());
    }
    return out;
}

Node node_at(const Node& root, const KeyPath& path) {
    Node at = root;
    for (const std::string& part : path) at = child(at, part);
    return at;
}

bool is_secret_path(const KeyPath& path) {
    const auto is_name = [](const std::string& part) { return !element_number(part); };
    const auto name = std::ranges::find_if(path.rbegin(), path.rend(), is_name);
    if (name == path.rend()) return false;
    if (holds_secret(*name)) return true;
    // A command of `api_keys: [{command}]` prints a key, and may have one in it.
    const auto around = std::find_if(std::next(name), path.rend(), is_name);
    if (around == path.rend()) return false;
    if (*name == "value" && *around == "auth") return true;  // {header, value} of a webhook
    return folded(*name) == "command" && names_secret(*around);
}

}  // namespace ccr::config
