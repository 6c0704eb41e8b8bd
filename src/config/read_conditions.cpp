// `when` of a rule: what a request must be for it to apply.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr auto kEfforts =
    std::to_array<std::string_view>({"none", "minimal", "low", "medium", "high", "xhigh", "max"});
constexpr auto kDays =
    std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
constexpr int kMinutesOfDay = 24 * 60;

struct Reader {
    const Reading& reading;
    const std::string& of;  // the rule
    Conditions out{};

    bool refuse(Place place, std::string_view why) const {
        reading.report.error("rule-ignored", place, fmt::format("{} is ignored: {}", of, why));
        return false;
    }
};

// A text, or a list of which one must hold.
std::optional<std::vector<std::string>> texts_of(const Reader& reader, const Node& node,
                                                 std::string_view key) {
    std::vector<std::string> out;
    const std::vector<Node> entries = node.is_array() ? node.elements() : std::vector<Node>{node};
    for (const Node& entry : entries) {
        const auto text = entry.text();
        if (!text || trimmed(*text).empty()) {
            reader.refuse(entry.place(),
                          fmt::format("when.{} should be text or a list of texts", key));
            return std::nullopt;
        }
        out.push_back(lowered(trimmed(*text)));
    }
    return out;
}

using Read = bool (*)(Reader&, const Node&, std::string_view key);

template <Patterns Conditions::* Field>
bool patterns(Reader& reader, const Node& node, std::string_view key) {
    auto texts = texts_of(reader, node, key);
    if (!texts) return false;
    reader.out.*Field = *std::move(texts);
    return true;
}

template <std::optional<std::int64_t> Conditions::* Field>
bool tokens(Reader& reader, const Node& node, std::string_view key) {
    const auto number = node.number();
    if (!number || *number < 0 || *number > 1e12)
        return reader.refuse(node.place(),
                             fmt::format("when.{} should be a number of tokens", key));
    reader.out.*Field = static_cast<std::int64_t>(*number);
    return true;
}

template <std::optional<bool> Conditions::* Field>
bool flag(Reader& reader, const Node& node, std::string_view key) {
    const auto value = node.boolean();
    if (!value)
        return reader.refuse(node.place(), fmt::format("when.{} should be true or false", key));
    reader.out.*Field = *value;
    return true;
}

bool scenarios(Reader& reader, const Node& node, std::string_view key) {
    const auto texts = texts_of(reader, node, key);
    if (!texts) return false;
    const auto known = scenario_names();
    for (const std::string& text : *texts) {
        const auto found = std::ranges::find_if(
            known, [&](std::string_view name) { return folded(name) == folded(text); });
        if (found == known.end())
            return reader.refuse(node.place(),
                                 fmt::format("when.scenario knows no \"{}\"{}; there are default, "
                                             "background, think, longContext, webSearch and image",
                                             text, did_you_mean(nearest(text, known))));
        reader.out.scenarios.emplace_back(*found);
    }
    return true;
}

// "high", or ">=high" for that and all above it.
bool efforts(Reader& reader, const Node& node, std::string_view key) {
    const auto texts = texts_of(reader, node, key);
    if (!texts) return false;
    for (const std::string& text : *texts) {
        const bool and_above = text.starts_with(">=");
        const auto* const found =
            std::ranges::find(kEfforts, trimmed(and_above ? text.substr(2) : text));
        if (found == kEfforts.end())
            return reader.refuse(
                node.place(), fmt::format("when.effort knows no \"{}\"; write one of none, "
                                          "minimal, low, medium, high, xhigh, max, or \">=high\"",
                                          text));
        reader.out.efforts.emplace_back(*found);
        if (and_above)
            reader.out.efforts.insert(reader.out.efforts.end(), found + 1, kEfforts.end());
    }
    return true;
}

bool headers(Reader& reader, const Node& node, std::string_view) {
    if (!node.is_object() || node.members().empty())
        return reader.refuse(node.place(),
                             "when.headers should be an object such as {\"x-team\": \"blue*\"}");
    for (const auto& [name, value] : node.members()) {
        auto texts = texts_of(reader, value, "headers." + name);
        if (!texts) return false;
        reader.out.headers.emplace_back(lowered(name), *std::move(texts));
    }
    return true;
}

std::optional<int> minutes_of(std::string_view text) {
    int hours = 0, minutes = 0;
    const char* const end = text.data() + text.size();
    const auto h = std::from_chars(text.data(), end, hours);
    if (h.ec != std::errc() || h.ptr == end || *h.ptr != ':' || end - h.ptr != 3)
        return std::nullopt;
    const auto m = std::from_chars(h.ptr + 1, end, minutes);
    const bool is_time = m.ec == std::errc() && m.ptr == end && hours >= 0 && minutes >= 0 &&
                         minutes < 60 && hours * 60 + minutes <= kMinutesOfDay;
    return is_time ? std::optional(hours * 60 + minutes) : std::nullopt;
}

std::optional<std::size_t> day_of(std::string_view text) {
    const auto* const found = std::ranges::find(kDays, text.substr(0, 3));
    if (text.size() < 3 || found == kDays.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kDays.begin());
}

// "mon", "mon-fri", "sat-mon".
std::optional<std::uint8_t> days_of(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = day_of(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(text.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    std::uint8_t days = 0;
    for (std::size_t day = *first;; day = (day + 1) % kDays.size()) {
        days = static_cast<std::uint8_t>(days | (1u << day));
        if (day == *last) return days;
    }
}

// "09:00-17:30", "mon-fri", "mon-fri 22:00-06:00".
std::optional<TimeSpan> span_of(std::string_view text) {
    TimeSpan span{0x7f, 0, kMinutesOfDay};
    if (const auto days = days_of(text.substr(0, text.find(' ')))) {
        span.days = *days;
        const std::size_t blank = text.find(' ');
        if (blank == std::string_view::npos) return span;
        text = trimmed(text.substr(blank));
    }
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = minutes_of(trimmed(text.substr(0, dash)));
    const auto to = minutes_of(trimmed(text.substr(dash + 1)));
    if (!from || !to || *from == kMinutesOfDay) return std::nullopt;
    span.from = *from;
    span.to = *to;
    return span;
}

bool times(Reader& reader, const Node& node, std::string_view key) {
    const auto texts = texts_of(reader, node, key);
    if (!texts) return false;
    for (const std::string& text : *texts) {
        const auto span = span_of(text);
        if (!span)
            return reader.refuse(node.place(),
                                 fmt::format("when.time is not understood: \"{}\"; write it like "
                                             "\"22:00-06:00\" or \"mon-fri 09:00-17:30\"",
                                             text));
        reader.out.times.push_back(*span);
    }
    return true;
}

struct Condition {
    std::string_view key;
    Read read;
};
constexpr Condition kConditions[] = {
    {"model", patterns<&Conditions::models>},
    {"scenario", scenarios},
    {"effort", efforts},
    {"client", patterns<&Conditions::clients>},
    {"tool", patterns<&Conditions::tools>},
    {"project", patterns<&Conditions::projects>},
    {"session", patterns<&Conditions::sessions>},
    {"text", patterns<&Conditions::texts>},
    {"system", patterns<&Conditions::systems>},
    {"headers", headers},
    {"tokens_over", tokens<&Conditions::tokens_over>},
    {"tokens_under", tokens<&Conditions::tokens_under>},
    {"images", flag<&Conditions::images>},
    {"subagent", flag<&Conditions::subagent>},
    {"time", times},
};

}  // namespace

std::optional<Conditions> read_conditions(const Reading& reading, const Node& node,
                                          const std::string& of) {
    Reader reader{reading, of};
    if (!node || node.is_null()) return Conditions{};
    if (!node.is_object()) {
        reader.refuse(node.place(),
                      fmt::format("\"when\" should be an object but is {}", node.kind()));
        return std::nullopt;
    }
    for (const auto& [key, value] : node.members()) {
        if (is_comment(key)) continue;
        const auto* const condition = std::ranges::find(kConditions, key, &Condition::key);
        if (condition == std::end(kConditions)) {
            std::vector<std::string> names;
            for (const Condition& known : kConditions) names.emplace_back(known.key);
            reader.refuse(value.name_place(),
                          fmt::format("\"{}\" is no condition{}; there are {}", key,
                                      did_you_mean(nearest(key, names)), listed(names, 15)));
            return std::nullopt;
        }
        if (!condition->read(reader, value, key)) return std::nullopt;
    }
    return std::move(reader.out);
}

}  // namespace ccr::config
