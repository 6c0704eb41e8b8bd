#include "cli/masked.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/http_url.h"
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

constexpr std::string_view kHandlers = "outputHandlers";

// What is known of a value by the names around it.
struct Around {
    bool is_secret = false;
    bool in_handlers = false;  // of token-speed, whose webhooks have URLs and headers
    bool is_url = false;       // of one of them
};

// The path of a webhook's URL is often its secret.
std::string host_alone(const std::string& text) {
    const auto url = config::parse_url(text);
    if (!url) return std::string(kHidden);
    const bool is_ipv6 = url->host.find(':') != std::string::npos;
    const std::string host = is_ipv6 ? "[" + url->host + "]" : url->host;
    return fmt::format("{}://{}:{}/{}", url->scheme, host, url->port, kHidden);
}

Around member_of(const Json& object, const std::string& name, const Around& around) {
    Around out;
    out.in_handlers = around.in_handlers || name == kHandlers;
    out.is_url = around.in_handlers && name == "url";
    out.is_secret = is_secret_member(name, around.is_secret) ||
                    (name == "value" && object.contains("header")) ||
                    (around.in_handlers && (name == "headers" || around.is_secret));
    return out;
}

Json masked_value(const Json& value, const Around& around) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.empty() || is_reference(text)) return value;
        if (around.is_url) return host_alone(text);
        return around.is_secret ? Json(kHidden) : Json(config::without_credentials(text));
    }
    if (around.is_secret && value.is_number()) return kHidden;
    Json out = value;
    if (value.is_object()) {
        for (const auto& [name, member] : value.items())
            out[name] = masked_value(member, member_of(value, name, around));
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) out[i] = masked_value(value[i], around);
    }
    return out;
}

}  // namespace

Json masked(const Json& value, const config::KeyPath& path) {
    Around around{config::is_secret_path(path)};
    const auto handlers = std::ranges::find(path, kHandlers);
    around.in_handlers = handlers != path.end();
    around.is_url = around.in_handlers && path.back() == "url";
    around.is_secret |= std::find(handlers, path.end(), "headers") != path.end();
    return masked_value(value, around);
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
