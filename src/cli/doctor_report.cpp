#include "cli/doctor_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/redact.h"
#include "cli/banner.h"
#include "cli/table.h"

namespace ccr::cli {
namespace {

using doctor::Area;
using doctor::Aspect;
using doctor::Checkup;
using doctor::Finding;
using doctor::Severity;
using Json = nlohmann::ordered_json;

constexpr std::size_t kWordWidth = 9;

Style style_of(Severity severity) {
    if (severity == Severity::good) return Style::green;
    return severity == Severity::warning ? Style::yellow : Style::red;
}

std::string for_person(const std::string& text, const std::string& home) {
    std::string out = plain(redact::text(text));
    const std::string below = home + "/";
    if (home.empty()) return out;
    for (std::size_t at = out.find(below); at != std::string::npos; at = out.find(below, at + 1))
        out.replace(at, home.size(), "~");
    return out;
}

std::string line_of(const Finding& finding, const std::string& home, bool colored) {
    const auto safe = [&](const std::string& text) { return for_person(text, home); };
    const std::string_view word = name_of(finding.severity);
    std::string out = "  " + styled(style_of(finding.severity), word, colored);
    out.append(kWordWidth - word.size(), ' ');
    if (!finding.place.empty()) out += safe(finding.place) + ": ";
    out += safe(finding.what) + "\n";
    if (!finding.remedy.empty())
        out += std::string(2 + kWordWidth, ' ') + "> " + safe(finding.remedy) + "\n";
    return out;
}

Cell mark(const std::optional<bool>& works) {
    if (!works) return {"?"};
    return *works ? Cell{"yes", Style::green} : Cell{"no", Style::yellow};
}

Cell length(const std::optional<std::int64_t>& takes, const std::optional<std::int64_t>& most) {
    if (most) return {fmt::format("{}", *most), Style::yellow};
    return {takes ? fmt::format("{}+", *takes) : "?"};
}

std::vector<Cell> heads(std::initializer_list<const char*> names) {
    std::vector<Cell> out;
    for (const char* const name : names) out.push_back({name, Style::bold});
    return out;
}

std::vector<Cell> row_of(const Checkup& c) {
    const std::string target = c.provider + "," + c.model;
    if (!c.first.answered())
        return {{target}, {c.is_asked ? "no" : "not asked", Style::red},
                {"-"},    {"-"},
                {"-"},    {"-"},
                {"-"},    {"-"},
                {"-"},    {"-"}};
    return {{target},
            {"yes", Style::green},
            mark(c.streaming.works),
            mark(c.tools.works),
            mark(c.parallel_tools.works),
            mark(c.images.works),
            mark(c.thinking.works),
            length(c.takes_output, c.max_output),
            mark(c.usage.works),
            {fmt::format("{} ms", c.first.took.count())}};
}

std::string table_of(const std::vector<Checkup>& checkups, bool colored) {
    std::vector<std::vector<Cell>> rows{heads({"model", "answers", "streams", "tools", "parallel",
                                               "images", "thinking", "output", "usage", "time"})};
    for (const Checkup& checkup : checkups) rows.push_back(row_of(checkup));
    return table(rows, colored);
}

std::string counted(std::size_t number, std::string_view word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

std::string summary(const doctor::Findings& findings, bool colored) {
    const std::size_t failures = count(findings, Severity::failure);
    const std::size_t warnings = count(findings, Severity::warning);
    if (failures + warnings == 0) return styled(Style::green, "All is well.", colored) + "\n";
    return fmt::format(
        "{}, {}\n",
        styled(failures > 0 ? Style::red : Style::bold, counted(failures, "failure"), colored),
        counted(warnings, "warning"));
}

Json json_of(const Finding& finding) {
    return {{"severity", name_of(finding.severity)},
            {"area", name_of(finding.area)},
            {"check", finding.check},
            {"place", redact::text(finding.place)},
            {"what", redact::text(finding.what)},
            {"remedy", redact::text(finding.remedy)}};
}

Json json_of(const Aspect& aspect) {
    Json out{{"works", nullptr}};
    if (aspect.works) out["works"] = *aspect.works;
    if (!aspect.why.empty()) out["why"] = redact::text(aspect.why);
    return out;
}

void add_number(Json& out, const char* name, const std::optional<std::int64_t>& value) {
    if (value) out[name] = *value;
}

Json json_of(const Checkup& c) {
    Json out{{"model", c.provider + "," + c.model},
             {"asked", c.is_asked},
             {"answered", c.first.answered()},
             {"reached", c.first.connected() && c.first.reached()},
             {"key", c.first.key_is_good()},
             {"ms", c.first.took.count()}};
    if (!c.first.answered()) {
        out["status"] = c.first.status;
        out["error"] = redact::text(c.first.message);
        return out;
    }
    out["streaming"] = json_of(c.streaming);
    out["usage"] = json_of(c.usage);
    out["tools"] = json_of(c.tools);
    out["parallel_tools"] = json_of(c.parallel_tools);
    out["images"] = json_of(c.images);
    out["thinking"] = json_of(c.thinking);
    out["output"] = json_of(c.output);
    add_number(out["output"], "takes", c.takes_output);
    add_number(out["output"], "at_most", c.max_output);
    add_number(out["output"], "refused", c.refused_output);
    return out;
}

std::string text_of(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::size_t count(const doctor::Findings& findings, Severity severity) {
    return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::string report_text(const DoctorReport& report, bool colored) {
    std::string out;
    for (const Area area : {Area::configuration, Area::environment, Area::service, Area::models}) {
        std::string lines;
        if (area == Area::models && !report.results.checkups.empty())
            lines = table_of(report.results.checkups, colored);
        for (const Finding& finding : report.findings) {
            // The table says what is well with models.
            const bool is_told = area == Area::models && finding.severity == Severity::good;
            if (finding.area == area && !is_told) lines += line_of(finding, report.home, colored);
        }
        if (!lines.empty())
            out += styled(Style::bold, name_of(area), colored) + "\n" + lines + "\n";
    }
    return out + summary(report.findings, colored);
}

std::string report_json(const DoctorReport& report) {
    const std::size_t failures = count(report.findings, Severity::failure);
    Json out{{"version", CCR_VERSION},
             {"config_file", report.config_file},
             {"ok", failures == 0},
             {"failures", failures},
             {"warnings", count(report.findings, Severity::warning)},
             {"findings", Json::array()},
             {"models", Json::array()},
             {"requests", report.results.requests}};
    for (const Finding& finding : report.findings) out["findings"].push_back(json_of(finding));
    for (const Checkup& checkup : report.results.checkups)
        out["models"].push_back(json_of(checkup));
    return text_of(out);
}

std::string cards_text(const std::vector<ShownCard>& cards, std::int64_t now, bool colored) {
    if (cards.empty()) return "Nothing was found of any model yet; `ccr doctor` asks.\n";
    std::vector<std::vector<Cell>> rows{
        heads({"model", "streams", "tools", "parallel", "images", "thinking", "output", "usage",
               "asked", "in force"})};
    for (const auto& [card, why] : cards)
        rows.push_back({{card.provider + "," + card.model},
                        mark(card.streaming),
                        mark(card.tools),
                        mark(card.parallel_tools),
                        mark(card.images),
                        mark(card.thinking),
                        length(card.takes_output, card.max_output),
                        mark(card.usage),
                        {duration_text(now - card.checked_at) + " ago"},
                        why.empty() ? Cell{"yes", Style::green}
                                    : Cell{fmt::format("no: {}", why), Style::yellow}});
    return table(rows, colored);
}

std::string cards_json(const std::vector<ShownCard>& cards) {
    Json out{{"cards", Json::array()}};
    for (const auto& [card, why] : cards) {
        Json one{{"model", card.provider + "," + card.model}};
        const auto add = [&](const char* name, const std::optional<bool>& works) {
            if (works) one[name] = *works;
        };
        add("streaming", card.streaming);
        add("tools", card.tools);
        add("parallel_tools", card.parallel_tools);
        add("images", card.images);
        add("thinking", card.thinking);
        add("usage", card.usage);
        add_number(one, "takes_output", card.takes_output);
        add_number(one, "max_output", card.max_output);
        one["asked_at"] = card.checked_at;
        one["in_force"] = why.empty();
        if (!why.empty()) one["why"] = why;
        out["cards"].push_back(std::move(one));
    }
    return text_of(out);
}

}  // namespace ccr::cli
