#include "config/secrets.h"

#include <algorithm>
#include <array>

#include "config/http_url.h"

namespace ccr::config {
namespace {

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
    for (const auto& [name, member] : node.members()) collect(member, names_secret(name), out);
    for (const Node& element : node.elements()) collect(element, secret, out);
}

}  // namespace

bool names_secret(std::string_view name) {
    constexpr std::array<std::string_view, 7> kEndings{
        "key", "keys", "token", "secret", "password", "passphrase", "authorization"};
    const std::string plain = folded(name);
    return std::ranges::any_of(kEndings,
                               [&](std::string_view end) { return plain.ends_with(end); });
}

std::vector<std::string> secrets_of(Node root) {
    std::vector<std::string> out;
    collect(root, false, out);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

}  // namespace ccr::config
