#include "config/secrets.h"

#include <algorithm>
#include <array>

#include "base/redact.h"
#include "config/http_url.h"
#include "config/report.h"

namespace ccr::config {
namespace {

// {header, value}: a webhook's credential in a header of any name.
constexpr std::string_view kHeaderValue = "value";

bool is_placeholder(std::string_view text) {
    // Local servers want some key and get a word such as "ollama", which would then vanish from
    // every log.
    constexpr std::array<std::string_view, 8> kWords{
        "ollama", "lmstudio", "lm-studio", "dummy", "not-needed", "no-key", "none", "local"};
    return std::ranges::find(kWords, lowered(text)) != kWords.end();
}

void add(std::string_view text, std::vector<std::string>& out) {
    if (!text.empty() && !is_placeholder(text)) out.emplace_back(text);
}

void collect(const Node& node, bool secret, std::vector<std::string>& out) {
    if (const auto text = node.text()) {
        // A reference that found no value is a name, not a key.
        if (secret && node.unresolved().empty()) add(*text, out);
        if (const auto url = parse_url(*text); url && !url->user_info.empty()) {
            add(url->user_info, out);
            const auto colon = url->user_info.find(':');
            if (colon != std::string::npos)
                add(std::string_view(url->user_info).substr(colon + 1), out);
        }
        return;
    }
    const bool is_header = static_cast<bool>(node["header"]);
    for (const auto& [name, member] : node.members())
        collect(member, names_secret(name) || (is_header && name == kHeaderValue), out);
    for (const Node& element : node.elements()) collect(element, secret, out);
}

// "user:password@host:1080". Models may have an @ in their names, so nothing less will do.
bool is_bare_proxy(std::string_view text) {
    const std::size_t sign = text.find('@');
    if (sign == std::string_view::npos || text.find_first_of(" \t\n/,") != std::string_view::npos)
        return false;
    const std::size_t port = text.rfind(':');
    const bool has_port = port > sign && port != std::string_view::npos && port + 1 < text.size() &&
                          text.find_first_not_of("0123456789", port + 1) == std::string_view::npos;
    return has_port && text.substr(0, sign).find(':') != std::string_view::npos;
}

}  // namespace

bool names_secret(std::string_view name) {
    constexpr std::array<std::string_view, 7> kEndings{
        "key", "keys", "token", "secret", "password", "passphrase", "authorization"};
    const std::string plain = folded(name);
    return std::ranges::any_of(kEndings,
                               [&](std::string_view end) { return plain.ends_with(end); });
}

bool holds_secret(std::string_view name) {
    constexpr std::array<std::string_view, 2> kMore{"accesskeyid", "apikeycommand"};
    constexpr std::string_view kTransformer = "maxtoken";  // and no token
    const std::string plain = folded(name);
    if (plain == kTransformer) return false;
    return names_secret(name) || redact::is_secret_header(name) ||
           std::ranges::find(kMore, plain) != kMore.end();
}

std::string without_credentials(const std::string& text) {
    if (is_bare_proxy(text)) return redact::url(text);
    return redact::text(without_user_info(text));
}

std::vector<std::string> secrets_of(Node root) {
    std::vector<std::string> out;
    collect(root, false, out);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

}  // namespace ccr::config
