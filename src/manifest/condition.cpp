#include "manifest/condition.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace ccr::manifest {
namespace {

using Json = nlohmann::ordered_json;

std::optional<double> as_number(const Json& value) {
    if (value.is_number()) return value.get<double>();
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Two texts by their characters, everything else by number; what is no number is in no order.
bool compares(std::string_view how, const Json& left, const Json& right) {
    std::partial_ordering order = std::partial_ordering::unordered;
    if (left.is_string() && right.is_string()) {
        order = left.get_ref<const std::string&>() <=> right.get_ref<const std::string&>();
    } else if (const auto a = as_number(left), b = as_number(right); a && b) {
        order = *a <=> *b;
    }
    if (how == "gt") return order > 0;
    if (how == "lt") return order < 0;
    if (how == "gte") return order >= 0;
    return order <= 0;
}

bool is_among(const Json& value, const Json& list) {
    return std::ranges::any_of(list, [&value](const Json& each) { return each == value; });
}

bool one_holds(const Json& condition, const Json& values) {
    if (!condition.is_object() || !condition.contains("field")) return true;
    const Json& field = condition["field"];
    if (!field.is_string()) return true;
    const Json value = values.value(field.get_ref<const std::string&>(), Json());
    const Json wanted = condition.value("value", Json());
    const Json named = condition.value("operator", Json());
    const std::string how = named.is_string() ? named.get<std::string>() : "eq";
    if (how == "exists") return !value.is_null();
    if (how == "in") return wanted.is_array() && is_among(value, wanted);
    if (how == "nin") return wanted.is_array() && !is_among(value, wanted);
    if (how == "ne") return value != wanted;
    if (how == "gt" || how == "lt" || how == "gte" || how == "lte")
        return compares(how, value, wanted);
    return value == wanted;
}

}  // namespace

bool holds(const Json& when, const Json& values) {
    if (!when.is_array()) return one_holds(when, values);
    return std::ranges::all_of(when, [&](const Json& each) { return one_holds(each, values); });
}

std::vector<std::string> fields_of(const Json& when) {
    std::vector<std::string> fields;
    const Json list = when.is_array() ? when : Json::array({when});
    for (const Json& each : list) {
        if (!each.is_object() || !each.contains("field") || !each["field"].is_string()) continue;
        fields.push_back(each["field"].get<std::string>());
    }
    return fields;
}

}  // namespace ccr::manifest
