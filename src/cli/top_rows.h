// What `ccr top` shows: a row for each agent of each session, as text of a given width. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccr::cli {

struct TopRow {
    std::string session, project;
    std::string agent;   // "" = the main one
    std::string label;   // of the first two columns: the session once, then its agents
    std::string target;  // "provider,model", or what was asked for
    std::string state;   // idle, waiting, streaming
    std::string first_content, speed, cached, context, cost;
    bool errors = false;
};

/// `sessions`: the answer to GET /sessions. Empty for what is none.
std::vector<TopRow> top_rows(const std::string& sessions);

/// Lines of exactly `width` columns at most; the model's name gets what is left.
std::string top_heading(std::size_t width);
std::string top_line(const TopRow& row, std::size_t width);

/// "2 sessions, 1 of them at work, $0.52".
std::string top_summary(const std::vector<TopRow>& rows);

}  // namespace ccr::cli
