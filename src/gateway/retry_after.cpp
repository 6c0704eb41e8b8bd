#include "gateway/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace ccr::gateway {
namespace {

using std::chrono::seconds;
using Time = std::chrono::sys_seconds;

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::optional<std::chrono::month> month_of(std::string_view name) {
    static constexpr std::array<std::string_view, 12> kNames{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto* found = std::ranges::find(kNames, name);
    if (found == kNames.end()) return std::nullopt;
    return std::chrono::month(static_cast<unsigned>(found - kNames.begin()) + 1);
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form that is sent today (RFC 9110, 5.6.7).
std::optional<Time> date_of(std::string_view text) {
    constexpr std::string_view kForm = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != kForm.size() || !text.ends_with(" GMT")) return std::nullopt;
    const auto day = number(text.substr(5, 2));
    const auto month = month_of(text.substr(8, 3));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), *month,
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           seconds(*second);
}

}  // namespace

std::optional<seconds> retry_after_of(const net::Headers& headers,
                                      std::chrono::system_clock::time_point now) {
    const auto value = headers.get("retry-after");
    if (!value) return std::nullopt;
    if (const auto given = number(*value)) return seconds(*given);
    const auto until = date_of(*value);
    if (!until) return std::nullopt;
    const auto said = headers.get("date");
    const Time from =
        (said ? date_of(*said) : std::nullopt).value_or(std::chrono::time_point_cast<seconds>(now));
    return std::max(*until - from, seconds(0));
}

}  // namespace ccr::gateway
