#include "config/interpolate.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/secrets.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;

bool is_upper(char c) {
    return (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_upper(c) || is_digit(c) || (c >= 'a' && c <= 'z');
}

// A reference that stands at the front of a text.
struct Reference {
    std::string_view name;
    std::size_t length = 0;  // of the whole reference
};

std::optional<Reference> reference_at(std::string_view text) {
    if (text.size() < 2 || text[0] != '$') return std::nullopt;
    if (text[1] == '{') {
        const auto close = text.find('}');
        if (close == std::string_view::npos || close == 2) return std::nullopt;
        return Reference{text.substr(2, close - 2), close + 1};
    }
    if (!is_upper(text[1])) return std::nullopt;
    std::size_t end = 2;
    while (end < text.size() && (is_upper(text[end]) || is_digit(text[end]))) ++end;
    return Reference{text.substr(1, end - 1), end};
}

// "${{cost}}" of a status line template is no variable, only something that looks like one.
bool is_name(std::string_view name) {
    return !name.empty() && !is_digit(name[0]) && std::ranges::all_of(name, is_word);
}

class Interpolation {
  public:
    Interpolation(Document& document, const Environment& environment)
        : document_(document), environment_(environment), original_(*document.root) {}

    Interpolated run() {
        walk(*document_.root, "");
        return std::move(result_);
    }

  private:
    void walk(Json& value, const std::string& pointer) {
        if (value.is_string()) {
            std::vector<std::string> missing;
            value = replaced(value.get<std::string>(), missing);
            if (!missing.empty()) document_.unresolved[pointer] = std::move(missing);
        } else if (value.is_object()) {
            for (auto& [key, member] : value.items()) walk(member, member_pointer(pointer, key));
        } else if (value.is_array()) {
            for (std::size_t i = 0; i < value.size(); ++i)
                walk(value[i], element_pointer(pointer, i));
        }
    }

    std::string replaced(std::string_view text, std::vector<std::string>& missing) {
        std::string out;
        while (!text.empty()) {
            const auto dollar = text.find('$');
            out += text.substr(0, dollar);
            if (dollar == std::string_view::npos) break;
            text.remove_prefix(dollar);
            text.remove_prefix(replace_front(text, out, missing));
        }
        return out;
    }

    // `text` begins with '$'. Returns how much of it is done.
    std::size_t replace_front(std::string_view text, std::string& out,
                              std::vector<std::string>& missing) {
        if (text.starts_with("$$")) {
            if (const auto escaped = reference_at(text.substr(1))) {
                out += text.substr(1, escaped->length);
                return 1 + escaped->length;
            }
        }
        const auto reference = reference_at(text);
        if (!reference) {
            out += '$';
            return 1;
        }
        const std::string name(reference->name);
        if (is_name(name)) result_.names.insert(name);
        if (const auto value = look_up(name)) {
            if (names_secret(name)) result_.secrets.push_back(*value);
            out += *value;
        } else {
            if (is_name(name)) missing.push_back(name);
            out += text.substr(0, reference->length);
        }
        return reference->length;
    }

    std::optional<std::string> look_up(const std::string& name) {
        if (auto value = environment_(name); value && !value->empty()) return value;
        if (!original_.is_object()) return std::nullopt;
        const auto found = original_.find(name);
        if (found == original_.end() || found->is_structured() || found->is_null())
            return std::nullopt;
        if (!found->is_string()) return found->dump();
        // A key may name another one; one that names itself, by whatever way, has no value.
        if (!in_progress_.insert(name).second) return std::nullopt;
        std::vector<std::string> missing;
        std::string value = replaced(found->get_ref<const std::string&>(), missing);
        in_progress_.erase(name);
        if (value.empty() || !missing.empty()) return std::nullopt;
        return value;
    }

    Document& document_;
    const Environment& environment_;
    const Json original_;
    std::set<std::string> in_progress_;
    Interpolated result_;
};

}  // namespace

Interpolated interpolate(Document& document, const Environment& environment) {
    return Interpolation(document, environment).run();
}

std::string escaped_literal(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (reference_at(text.substr(at))) out += '$';
        out += text[at];
    }
    return out;
}

Result<std::string> reference_to(std::string_view variable) {
    if (!is_name(variable))
        return fail(ErrorKind::invalid_request,
                    "\"" + std::string(variable) +
                        "\" is no name of a variable: letters, digits and _, and no $ before it.");
    const auto bare = reference_at("$" + std::string(variable));
    const bool is_whole = bare && bare->length == variable.size() + 1;
    return is_whole ? "$" + std::string(variable) : "${" + std::string(variable) + "}";
}

}  // namespace ccr::config
