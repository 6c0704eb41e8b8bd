#include "statusline/input.h"

#include <algorithm>

#include "json/document.h"

namespace ccr::statusline {
namespace {

// Claude Code writes some of its integers with a fraction.
std::int64_t whole(json::View view) {
    constexpr double kMost = 9e15;  // whole numbers are exact up to here
    return static_cast<std::int64_t>(std::clamp(view.number().value_or(0), -kMost, kMost));
}

}  // namespace

Result<Input> read_input(std::string_view json) {
    json::Document document;
    TRY(const json::View root, document.parse(json));
    if (!root.is_object())
        return fail(ErrorKind::invalid_request, "a JSON object was expected on standard input");
    const json::View cost = root["cost"], window = root["context_window"];
    const json::View usage = window["current_usage"];
    Input input;
    input.session = root["session_id"].text().decode();
    input.transcript = root["transcript_path"].text().decode();
    input.directory = root["workspace"]["current_dir"].text().decode();
    if (input.directory.empty()) input.directory = root["cwd"].text().decode();
    input.model_name = root["model"]["display_name"].text().decode();
    input.version = root["version"].text().decode();
    input.cost_usd = cost["total_cost_usd"].number().value_or(0);
    input.duration_ms = whole(cost["total_duration_ms"]);
    input.lines_added = whole(cost["total_lines_added"]);
    input.lines_removed = whole(cost["total_lines_removed"]);
    input.total_input = whole(window["total_input_tokens"]);
    input.total_output = whole(window["total_output_tokens"]);
    input.window = whole(window["context_window_size"]);
    input.context = whole(usage["input_tokens"]) + whole(usage["cache_creation_input_tokens"]) +
                    whole(usage["cache_read_input_tokens"]);
    return input;
}

}  // namespace ccr::statusline
