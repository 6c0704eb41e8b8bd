#include "gateway/client_headers.h"

#include <algorithm>
#include <array>

#include "base/text_case.h"

namespace ccr::gateway {
namespace {

bool travels(const std::string& name) {
    static constexpr auto kPrefixes =
        std::to_array<std::string_view>({"anthropic-", "x-stainless-", "x-claude-code-"});
    const std::string lower = lower_case(name);
    if (lower == "x-app" || lower == "user-agent") return true;
    return std::ranges::any_of(kPrefixes,
                               [&](std::string_view prefix) { return lower.starts_with(prefix); });
}

}  // namespace

// A header may be repeated, and every line of it counts (anthropic-beta is a list).
void add_client_headers(const net::Headers& from, net::Headers& to) {
    for (const auto& [name, value] : from) {
        if (travels(name)) to.remove(name);
    }
    for (const auto& [name, value] : from) {
        if (travels(name)) to.add(name, value);
    }
}

std::string with_query(std::string url, std::string_view query) {
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view item = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        const std::string name = lower_case(item.substr(0, item.find('=')));
        if (item.empty() || name == "key" || name == "alt") continue;
        url += url.find('?') == std::string::npos ? '?' : '&';
        url += item;
    }
    return url;
}

}  // namespace ccr::gateway
