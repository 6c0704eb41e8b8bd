#include "manifest/value_path.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "config/key_path.h"

namespace ccr::manifest {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostElements = 1000;

std::unexpected<Error> no_place(std::string_view path, std::string_view why) {
    return fail(ErrorKind::config,
                fmt::format("\"{}\" is no place in a configuration: {}", path, why));
}

// They mean something else to the JavaScript that reads the configuration.
bool is_javascripts_own(std::string_view name) {
    return name == "__proto__" || name == "constructor" || name == "prototype";
}

// nullptr when there is no way on.
Json* step_into(Json& at, const std::string& part) {
    const auto number = config::element_number(part);
    if (at.is_null()) at = number ? Json::array() : Json::object();
    if (at.is_object()) return &at[part];
    if (!at.is_array() || !number || *number >= kMostElements) return nullptr;
    while (at.size() <= *number) at.push_back(nullptr);
    return &at[*number];
}

}  // namespace

Result<void> set_value(Json& root, std::string_view path, Json value) {
    TRY(const config::KeyPath parts, config::parse_key_path(path));
    Json* at = &root;
    for (const std::string& part : parts) {
        if (is_javascripts_own(part))
            return no_place(path, fmt::format("{} is not a setting's name", part));
        at = step_into(*at, part);
        if (at == nullptr) return no_place(path, fmt::format("there is no way on to \"{}\"", part));
    }
    *at = std::move(value);
    return {};
}

}  // namespace ccr::manifest
