#include "config/cloud.h"

#include <array>
#include <utility>

#include "config/node.h"

namespace ccr::config {
namespace {

constexpr std::array<std::pair<std::string_view, Auth>, 8> kNames{{
    {"bearer", Auth::bearer},
    {"x-api-key", Auth::x_api_key},
    {"query-key", Auth::query_key},
    {"none", Auth::none},
    {"api-key", Auth::api_key},
    {"oauth", Auth::oauth},
    {"sigv4", Auth::sigv4},
    {"google", Auth::google},
}};

}  // namespace

std::string_view name_of(Auth auth) {
    for (const auto& [name, value] : kNames) {
        if (value == auth) return name;
    }
    return "bearer";
}

std::optional<Auth> auth_of(std::string_view name) {
    const std::string wanted = folded(name);
    for (const auto& [known, value] : kNames) {
        if (folded(known) == wanted) return value;
    }
    return std::nullopt;
}

}  // namespace ccr::config
