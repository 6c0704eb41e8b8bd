// Single values of a configuration, with the leniency that existing files need.
#include <fmt/format.h>

#include <charconv>

#include "config/reading.h"

namespace ccr::config {
namespace {

void report_kind(const Reading& reading, const Node& node, std::string_view name,
                 std::string_view wanted) {
    reading.report.warn(
        "wrong-type", node.place(),
        fmt::format("{} should be {} but is {}; it is ignored", name, wanted, node.kind()));
}

std::optional<double> parsed_number(std::string_view text) {
    text = trimmed(text);
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void append_parts(std::string_view text, std::vector<std::string>& out) {
    while (true) {
        const auto comma = text.find(',');
        const std::string_view part = trimmed(text.substr(0, comma));
        if (!part.empty()) out.emplace_back(part);
        if (comma == std::string_view::npos) return;
        text.remove_prefix(comma + 1);
    }
}

}  // namespace

std::optional<std::string> text_of(const Reading& reading, const Node& node,
                                   std::string_view name) {
    if (!node || node.is_null()) return std::nullopt;
    if (auto text = node.text()) return text;
    if (node.number()) {
        auto text = node.scalar_text();
        reading.report.warn(
            "wrong-type", node.place(),
            fmt::format("{} is a number and is read as text; put it in quotes", name));
        return text;
    }
    report_kind(reading, node, name, "text");
    return std::nullopt;
}

std::optional<bool> flag_of(const Reading& reading, const Node& node, std::string_view name) {
    if (!node || node.is_null()) return std::nullopt;
    if (const auto flag = node.boolean()) return flag;
    const std::string text = lowered(node.scalar_text().value_or("?"));
    if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
    if (text == "false" || text == "0" || text == "no" || text == "off" || text.empty())
        return false;
    report_kind(reading, node, name, "true or false");
    return std::nullopt;
}

std::optional<double> number_of(const Reading& reading, const Node& node, std::string_view name) {
    if (!node || node.is_null()) return std::nullopt;
    if (const auto number = node.number()) return number;
    if (const auto text = node.text()) {
        if (const auto number = parsed_number(*text)) return number;
    }
    report_kind(reading, node, name, "a number");
    return std::nullopt;
}

std::vector<std::string> list_of(const Reading& reading, const Node& node, std::string_view name) {
    std::vector<std::string> out;
    if (!node || node.is_null()) return out;
    if (const auto text = node.text()) {
        append_parts(*text, out);
        return out;
    }
    if (!node.is_array()) report_kind(reading, node, name, "a list of texts");
    for (const Node& element : node.elements()) {
        const auto text = element.text();
        if (!text) {
            report_kind(reading, element, fmt::format("an entry of {}", name), "text");
        } else if (const auto part = trimmed(*text); !part.empty()) {
            out.emplace_back(part);
        }
    }
    return out;
}

std::optional<std::chrono::milliseconds> milliseconds_of(const Reading& reading, const Node& node,
                                                         std::string_view name) {
    // The largest delay that timers of Node clients take: 2^31-1 ms.
    constexpr double kLargest = 2'147'483'647;
    const auto number = number_of(reading, node, name);
    if (!number) return std::nullopt;
    if (!(*number >= 1 && *number <= kLargest)) {
        reading.report.warn("invalid-value", node.place(),
                            fmt::format("{} should be from 1 to {:.0f} milliseconds; it is ignored",
                                        name, kLargest));
        return std::nullopt;
    }
    return std::chrono::milliseconds(static_cast<std::int64_t>(*number));
}

std::string with_home(std::string path, const Environment& environment) {
    if (path != "~" && !path.starts_with("~/")) return path;
    auto home = environment("HOME");
    if (!home || home->empty()) return path;
    return *home + path.substr(1);
}

}  // namespace ccr::config
