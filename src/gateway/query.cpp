#include "gateway/query.h"

#include <algorithm>

#include "base/percent.h"

namespace ccr::gateway {

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view item = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(item.size() + 1, query.size()));
        const std::size_t sign = item.find('=');
        if (item.substr(0, sign) != name) continue;
        return percent_decode(sign == std::string_view::npos ? "" : item.substr(sign + 1));
    }
    return std::nullopt;
}

}  // namespace ccr::gateway
