#include "manifest/value_path.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace ccr::manifest {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostElements = 1000;

std::unexpected<Error> no_path(std::string_view text, std::string_view why) {
    return fail(ErrorKind::config,
                fmt::format("\"{}\" is no place in a configuration: {}", text, why));
}

Result<Step> number_of(std::string_view text, std::string_view digits) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number >= kMostElements)
        return no_path(text,
                       fmt::format("[{}] should be a number below {}", digits, kMostElements));
    return Step(number);
}

Result<Step> name_of(std::string_view text, std::string_view name) {
    if (name.empty()) return no_path(text, "a name is empty");
    // They mean something else to the JavaScript that reads the configuration.
    if (name == "__proto__" || name == "constructor" || name == "prototype")
        return no_path(text, fmt::format("{} is not a setting's name", name));
    return Step(std::string(name));
}

Json* step_into(Json& at, const Step& step) {
    if (const auto* name = std::get_if<std::string>(&step)) {
        if (at.is_null()) at = Json::object();
        return at.is_object() ? &at[*name] : nullptr;
    }
    if (at.is_null()) at = Json::array();
    if (!at.is_array()) return nullptr;
    const std::size_t index = std::get<std::size_t>(step);
    while (at.size() <= index) at.push_back(nullptr);
    return &at[index];
}

}  // namespace

Result<std::vector<Step>> parse_value_path(std::string_view text) {
    std::vector<Step> steps;
    std::string_view rest = text;
    while (!rest.empty()) {
        if (rest.front() == '[') {
            const std::size_t end = rest.find(']');
            if (end == std::string_view::npos) return no_path(text, "a ] is missing");
            TRY(Step step, number_of(text, rest.substr(1, end - 1)));
            steps.push_back(std::move(step));
            rest.remove_prefix(end + 1);
            if (rest.starts_with('.')) rest.remove_prefix(1);
            continue;
        }
        const std::size_t end = std::min(rest.find_first_of(".["), rest.size());
        TRY(Step step, name_of(text, rest.substr(0, end)));
        steps.push_back(std::move(step));
        rest.remove_prefix(end);
        if (rest.starts_with('.')) rest.remove_prefix(1);
    }
    if (steps.empty()) return no_path(text, "it is empty");
    return steps;
}

Result<void> set_value(Json& root, std::string_view path, Json value) {
    TRY(const std::vector<Step> steps, parse_value_path(path));
    Json* at = &root;
    for (const Step& step : steps) {
        at = step_into(*at, step);
        if (at == nullptr)
            return no_path(path, "a value on the way has no members or elements of that kind");
    }
    *at = std::move(value);
    return {};
}

}  // namespace ccr::manifest
