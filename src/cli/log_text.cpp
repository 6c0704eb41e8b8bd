#include "cli/log_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

std::tm local(std::int64_t epoch_ms) {
    const auto seconds = static_cast<std::time_t>(epoch_ms / 1000);
    std::tm out{};
    ::localtime_r(&seconds, &out);
    return out;
}

std::string clock_of(std::int64_t time, const LogStyle& style) {
    const std::string clock = fmt::format("{:%H:%M:%S}.{:03}", local(time), time % 1000);
    return style.with_date ? day_of(time) + " " + clock : clock;
}

std::string level_word(int level, bool colored) {
    if (level >= 60) return styled(Style::red, "FATAL", colored);
    if (level >= 50) return styled(Style::red, "ERROR", colored);
    if (level >= 40) return styled(Style::yellow, "WARN ", colored);
    if (level >= 30) return styled(Style::green, "INFO ", colored);
    return styled(Style::dim, level >= 20 ? "DEBUG" : "TRACE", colored);
}

std::string word(const Json& line, const char* key) {
    const auto found = line.find(key);
    if (found == line.end()) return "";
    return plain(found->is_string() ? found->get<std::string>()
                                    : found->dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Lines of other programs, or written by hand, may have members of other kinds.
template <typename Number>
Number number_in(const Json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_number() ? found->get<Number>() : Number{};
}

Json list_in(const Json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && found->is_array() ? *found : Json::array();
}

std::string seconds(const Json& line, const char* key) {
    const double ms = number_in<double>(line, key);
    return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.1f} s", ms / 1000);
}

std::string tokens(const Json& line) {
    if (!line.contains("inputTokens") && !line.contains("outputTokens")) return "";
    const auto count = [&](const char* key) { return number_in<std::int64_t>(line, key); };
    const std::int64_t cached = count("cacheReadTokens");
    return fmt::format(
        ", {} tokens in{}, {} out", count("inputTokens") + cached + count("cacheWriteTokens"),
        cached > 0 ? fmt::format(" ({} cached)", cached) : "", count("outputTokens"));
}

std::string routed(const Json& line) {
    std::string out = fmt::format("asked for {}", word(line, "asked"));
    const Json targets = list_in(line, "targets");
    if (!targets.empty() && targets[0].is_string())
        out += ", goes to " + plain(targets[0].get<std::string>());
    if (line.contains("scenario")) out += fmt::format(" ({})", word(line, "scenario"));
    if (line.contains("refused")) out += ", refused: " + word(line, "refused");
    return out;
}

std::string settled(const Json& line) {
    std::string out = fmt::format("{} {}", word(line, "status"), word(line, "outcome"));
    if (line.contains("target")) out += " from " + word(line, "target");
    out += " in " + seconds(line, "totalMs");
    if (line.contains("firstContentMs"))
        out += fmt::format(" (begun after {})", seconds(line, "firstContentMs"));
    out += tokens(line);
    if (line.contains("error")) out += ": " + word(line, "error");
    return out;
}

std::string of_event(const Json& line) {
    const std::string event = word(line, "event");
    if (event == "routed") return routed(line);
    if (event == "settled") return settled(line);
    if (event == "attempted")
        return fmt::format("sent to {}, {}", word(line, "target"), word(line, "lane"));
    return event;
}

std::string of_server(const Json& line) {
    std::string out = word(line, "msg");
    for (const auto& [key, value] : line.items()) {
        const bool is_told = key == "level" || key == "time" || key == "pid" || key == "hostname" ||
                             key == "msg" || key == "reqId";
        if (!is_told) out += fmt::format(" {}={}", key, word(line, key.c_str()));
    }
    return out;
}

std::string story(const Json& line, bool colored) {
    std::string out;
    const auto add = [&](std::string_view what, const std::string& text) {
        out += fmt::format("    {} {}\n", styled(Style::dim, what, colored), text);
    };
    for (const char* const key : {"client", "session", "estimatedTokens", "counted"}) {
        if (line.contains(key)) add(key, word(line, key));
    }
    for (const Json& rule : list_in(line, "considered")) {
        if (!rule.is_object()) continue;
        add(word(rule, "applied") == "true" ? "applied" : "passed",
            word(rule, "rule") + ": " + word(rule, "why"));
    }
    for (const char* const key : {"because", "targets", "losses"}) {
        for (const Json& text : list_in(line, key)) {
            if (text.is_string()) add(key, plain(text.get<std::string>()));
        }
    }
    return out;
}

}  // namespace

std::string day_of(std::int64_t epoch_ms) {
    return fmt::format("{:%Y-%m-%d}", local(epoch_ms));
}

std::string text_of(const LogLine& line, const LogStyle& style) {
    const Json parsed = Json::parse(line.json, nullptr, false);
    if (!parsed.is_object()) return plain(line.json) + "\n";
    std::string out = styled(Style::dim, clock_of(line.time, style), style.colored) + " " +
                      level_word(line.level, style.colored) + " ";
    if (!line.request.empty()) out += styled(Style::cyan, plain(line.request), style.colored) + " ";
    out += (line.is_application ? of_event(parsed) : of_server(parsed)) + "\n";
    if (style.with_story && line.is_application) out += story(parsed, style.colored);
    return out;
}

}  // namespace ccr::cli
