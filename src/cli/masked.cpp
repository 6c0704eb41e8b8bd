#include "cli/masked.h"

#include "config/node.h"
#include "config/secrets.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

// "$NAME" and "${NAME}" alone: the name of a key, not a key.
bool is_reference(std::string_view text) {
    if (!text.starts_with('$')) return false;
    const bool in_braces = text.starts_with("${") && text.ends_with('}');
    const std::string_view name = in_braces ? text.substr(2, text.size() - 3) : text.substr(1);
    return !name.empty() &&
           name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
               std::string_view::npos;
}

// `in_keys`: of a list or an object of keys, whose members may be {command}.
bool is_secret_member(const std::string& name, bool in_keys) {
    return config::holds_secret(name) || (in_keys && config::folded(name) == "command");
}

Json masked_value(const Json& value, bool is_secret) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.empty() || is_reference(text)) return value;
        return is_secret ? Json(kHidden) : Json(config::without_credentials(text));
    }
    if (is_secret && value.is_number()) return kHidden;
    Json out = value;
    if (value.is_object()) {
        for (const auto& [name, member] : value.items())
            out[name] = masked_value(member, is_secret_member(name, is_secret) ||
                                                 (name == "value" && value.contains("header")));
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) out[i] = masked_value(value[i], is_secret);
    }
    return out;
}

}  // namespace

Json masked(const Json& value, const config::KeyPath& path) {
    return masked_value(value, config::is_secret_path(path));
}

const Json* value_at(const Json& root, const config::KeyPath& path) {
    const Json* at = &root;
    for (const std::string& part : path) {
        if (at->is_array()) {
            const auto number = config::element_number(part);
            if (!number || *number >= at->size()) return nullptr;
            at = &(*at)[*number];
            continue;
        }
        if (!at->is_object()) return nullptr;
        const auto found = at->find(part);
        if (found == at->end()) return nullptr;
        at = &*found;
    }
    return at;
}

}  // namespace ccr::cli
