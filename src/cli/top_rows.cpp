#include "cli/top_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "cli/terminal.h"
#include "json/document.h"
#include "json/utf8.h"

namespace ccr::cli {
namespace {

constexpr std::size_t kLabel = 18, kState = 9, kTime = 6, kSpeed = 6, kShare = 5, kCost = 8;
constexpr std::size_t kFixed = kLabel + kState + kTime + kSpeed + 2 * kShare + kCost + 7;
constexpr std::size_t kLeastModel = 8;

// Cut at `width` columns with a mark, or filled up.
std::string fitted(const std::string& text, std::size_t width, bool to_the_right = false) {
    const std::size_t columns = columns_of(text);
    if (columns <= width) {
        const std::string blanks(width - columns, ' ');
        return to_the_right ? blanks + text : text + blanks;
    }
    std::string out;
    std::size_t taken = 0;
    for (const char c : text) {
        const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (begins && ++taken == width) break;
        out += c;
    }
    return out + "~";
}

// A model is known by the end of its name, a provider by its beginning.
std::string fitted_target(const std::string& text, std::size_t width) {
    constexpr std::size_t kBeginning = 4;
    const bool is_ascii = columns_of(text) == text.size();
    if (!is_ascii || text.size() <= width || width < 2 * kBeginning) return fitted(text, width);
    return text.substr(0, kBeginning) + "~" + text.substr(text.size() - (width - kBeginning - 1));
}

std::string share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? fmt::format("{}%", part * 100 / whole) : "-";
}

std::string time_text(std::int64_t ms) {
    if (ms <= 0) return "-";
    return ms < 1000 ? fmt::format("{}ms", ms)
                     : fmt::format("{:.1f}s", static_cast<double>(ms) / 1000);
}

std::string cost_text(const std::optional<double>& cost) {
    return cost ? fmt::format("${:.4f}", *cost) : "-";
}

TopRow row_of(json::View agent) {
    TopRow row;
    row.agent = plain(agent["agent"].text().decode());
    row.target = plain(agent["target"].text().decode());
    if (row.target.empty()) row.target = plain(agent["asked"].text().decode());
    row.state = plain(agent["state"].text().decode());
    row.first_content = time_text(agent["first_content_ms"].integer().value_or(0));
    const double speed = agent["tokens_per_second"].number().value_or(0);
    row.speed = speed <= 0 ? "-" : fmt::format("{:.{}f}", speed, speed < 1000 ? 1 : 0);
    const std::int64_t input = agent["input_tokens"].integer().value_or(0);
    row.cached = share(agent["cached_tokens"].integer().value_or(0), input);
    row.context = share(input, agent["context_window"].integer().value_or(0));
    row.cost = cost_text(agent["cost_usd"].number());
    row.errors = agent["errors"].integer().value_or(0) > 0;
    return row;
}

std::string label_of(const TopRow& row, bool first, bool last) {
    const std::string session(json::utf8_prefix(row.session, 8));
    const std::string name =
        row.agent.empty() ? "main" : std::string(json::utf8_prefix(row.agent, 7));
    if (first) return fmt::format("{:<8} {}", session, name);
    return fmt::format("{:<8} {} {}", "", last ? "\\" : "|", name);
}

std::string joined(const std::string& label, const std::string& target, const TopRow& cells,
                   std::size_t width) {
    const std::size_t model = std::max(width > kFixed ? width - kFixed : 0, kLeastModel);
    const std::string line =
        fmt::format("{} {} {} {} {} {} {} {}", fitted(label, kLabel), fitted_target(target, model),
                    fitted(cells.state, kState), fitted(cells.first_content, kTime, true),
                    fitted(cells.speed, kSpeed, true), fitted(cells.cached, kShare, true),
                    fitted(cells.context, kShare, true), fitted(cells.cost, kCost, true));
    return fitted(line, width);
}

}  // namespace

std::vector<TopRow> top_rows(const std::string& sessions) {
    std::vector<TopRow> out;
    json::Document document;
    const auto root = document.parse(sessions);
    if (!root) return out;
    for (const json::View session : root->elements()) {
        const std::size_t before = out.size();
        for (const json::View agent : session["agents"].elements()) {
            TopRow row = row_of(agent);
            row.session = plain(session["session"].text().decode());
            row.project = plain(session["project"].text().decode());
            out.push_back(std::move(row));
        }
        for (std::size_t i = before; i < out.size(); ++i)
            out[i].label = label_of(out[i], i == before, i + 1 == out.size());
    }
    return out;
}

std::string top_heading(std::size_t width) {
    TopRow names;
    names.state = "STATE";
    names.first_content = "FIRST";
    names.speed = "TOK/S";
    names.cached = "CACHE";
    names.context = "CTX";
    names.cost = "COST";
    return joined("SESSION  AGENT", "MODEL", names, width);
}

std::string top_line(const TopRow& row, std::size_t width) {
    return joined(row.label, row.target, row, width);
}

std::string top_summary(const std::vector<TopRow>& rows) {
    std::set<std::string> sessions, working;
    for (const TopRow& row : rows) {
        sessions.insert(row.session);
        if (row.state != "idle") working.insert(row.session);
    }
    return fmt::format("{} session{}, {} at work", sessions.size(), sessions.size() == 1 ? "" : "s",
                       working.size());
}

}  // namespace ccr::cli
