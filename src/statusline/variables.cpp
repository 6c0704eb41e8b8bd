#include "statusline/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/control_characters.h"

namespace ccr::statusline {
namespace {

constexpr std::int64_t kThousand = 1000;
constexpr std::size_t kShortSession = 8;

std::string tokens(std::int64_t count) {
    if (count <= kThousand) return std::to_string(count);
    return fmt::format("{:.1f}k", static_cast<double>(count) / kThousand);
}

std::string window(std::int64_t size) {
    if (size <= kThousand) return std::to_string(size);
    return fmt::format("{:.0f}k", std::round(static_cast<double>(size) / kThousand));
}

std::string percent(std::int64_t part, std::int64_t whole) {
    if (whole <= 0) return "0";
    return fmt::format("{:.0f}",
                       std::round(100.0 * static_cast<double>(part) / static_cast<double>(whole)));
}

std::string money(double usd) {
    if (usd <= 0) return "";
    return usd < 0.01 ? fmt::format("{:.2f}¢", usd * 100) : fmt::format("${:.2f}", usd);
}

std::string duration(std::int64_t ms) {
    constexpr std::int64_t kMinute = 60 * kThousand;
    if (ms <= 0) return "";
    if (ms < kThousand) return fmt::format("{}ms", ms);
    if (ms < kMinute) return fmt::format("{:.1f}s", static_cast<double>(ms) / kThousand);
    const std::int64_t seconds = (ms + kThousand / 2) / kThousand;
    return fmt::format("{}m{}s", seconds / 60, seconds % 60);
}

// Both kinds of separators: a client on Windows has the other one.
std::string name_of_folder(std::string_view path) {
    while (path.size() > 1 && (path.ends_with('/') || path.ends_with('\\'))) path.remove_suffix(1);
    const std::size_t separator = path.find_last_of("/\\");
    return std::string(separator == path.npos || path.size() == 1 ? path
                                                                  : path.substr(separator + 1));
}

// Of the sequence that sets colours at the front of `text`; 0 when there is none.
std::size_t length_of_colour(std::string_view text) {
    if (!text.starts_with("\x1b[")) return 0;
    const std::size_t end = text.find_first_not_of("0123456789;:", 2);
    return end != text.npos && text[end] == 'm' ? end + 1 : 0;
}

void add_live(const Sources& sources, Variables& out) {
    const Live live = sources.live.value_or(Live{});
    out["tokenSpeed"] = fmt::format("{:.0f}", std::max(0.0, live.tokens_per_second));
    out["isStreaming"] = live.streaming ? "streaming" : "";
    out["streamingIndicator"] = live.streaming ? "[Streaming]" : "";
    out["timeToFirstToken"] = duration(live.first_token_ms);
    out["cost"] = money(live.cost_usd.value_or(sources.input.cost_usd));
}

std::string model(const Sources& sources) {
    if (sources.last) return sources.last->model;
    return sources.routed_model.empty() ? sources.input.model_name : sources.routed_model;
}

}  // namespace

Variables variables_of(const Sources& sources) {
    const Input& input = sources.input;
    const LastAnswer last = sources.last.value_or(LastAnswer{});
    Variables out{{"workDirName", name_of_folder(input.directory)},
                  {"gitBranch", sources.branch},
                  {"model", model(sources)},
                  {"contextPercent", percent(input.context, input.window)},
                  {"contextWindowSize", window(input.window)},
                  {"totalInputTokens", tokens(input.total_input)},
                  {"totalOutputTokens", tokens(input.total_output)},
                  {"duration", duration(input.duration_ms)},
                  {"linesAdded", std::to_string(input.lines_added)},
                  {"linesRemoved", std::to_string(input.lines_removed)},
                  {"netLines", std::to_string(input.lines_added - input.lines_removed)},
                  {"version", input.version},
                  {"sessionId", input.session.substr(0, kShortSession)},
                  {"inputTokens", tokens(last.input)},
                  {"outputTokens", tokens(last.output)}};
    add_live(sources, out);
    for (auto& [name, value] : out) value = without_controls(value);
    return out;
}

std::string safe_text(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t colour = length_of_colour(text);
        if (colour > 0) {
            out += text.substr(0, colour);
            text.remove_prefix(colour);
            continue;
        }
        const std::size_t end = std::min(text.find('\x1b', 1), text.size());
        out += without_controls(text.substr(0, end));
        text.remove_prefix(end);
    }
    return out;
}

std::string filled(std::string_view text, const Variables& variables) {
    const auto is_word = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    std::string out;
    for (;;) {
        const std::size_t open = text.find("{{");
        out += text.substr(0, open);
        if (open == text.npos) return out;
        const std::string_view rest = text.substr(open + 2);
        const std::size_t end =
            static_cast<std::size_t>(std::ranges::find_if_not(rest, is_word) - rest.begin());
        if (end == 0 || !rest.substr(end).starts_with("}}")) {
            out += '{';
            text = text.substr(open + 1);
            continue;
        }
        if (const auto found = variables.find(rest.substr(0, end)); found != variables.end())
            out += found->second;
        text = rest.substr(end + 2);
    }
}

}  // namespace ccr::statusline
