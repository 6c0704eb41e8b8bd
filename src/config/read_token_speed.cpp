// The plugin token-speed: its options, and the handlers that its records go to.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

/// Which of its words the section's key `name` of `object` is, by number; without one, or with
/// another, which is told: the first.
std::size_t word_of(const Reading& reading, const Node& object, const Section& section,
                    std::string_view name) {
    const Node node = object[name];
    const auto text = text_of(reading, node, name);
    if (!text) return 0;
    const Words known = words_of(section, name);
    const auto found = std::ranges::find(known, *text);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("{} should be one of {}; {} is used{}", name, fmt::join(known, ", "),
                    known.front(), did_you_mean(nearest(*text, known))));
    return 0;
}

ConsoleOutput read_console(const Reading& reading, const Node& node) {
    check_names(node, kConsoleSection, reading.report);
    ConsoleOutput out;
    out.level = static_cast<ConsoleOutput::Level>(word_of(reading, node, kConsoleSection, "level"));
    out.colors = flag_of(reading, node["colors"], "colors").value_or(out.colors);
    return out;
}

bool is_plain_part(std::string_view text) {
    return text.find_first_of(std::string_view("/\\\0", 3)) == text.npos;
}

bool is_path_below(std::string_view path) {
    if (path.empty() || path.find('\0') != path.npos) return false;
    while (true) {
        const auto slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (part.empty() || part == "." || part == "..") return false;
        if (slash == path.npos) return true;
        path.remove_prefix(slash + 1);
    }
}

void read_part(const Reading& reading, const Node& node, std::string_view name,
               bool (*is_usable)(std::string_view), std::string& out) {
    const auto text = text_of(reading, node, name);
    if (!text) return;
    if (is_usable(*text)) {
        out = *text;
        return;
    }
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("{} should stay in the directory for temporary files; \"{}\" "
                                    "is used",
                                    name, out));
}

FileOutput read_file(const Reading& reading, const Node& node) {
    check_names(node, kTempFileSection, reading.report);
    FileOutput out;
    read_part(reading, node["subdirectory"], "subdirectory", is_path_below, out.directory);
    read_part(reading, node["prefix"], "prefix", is_plain_part, out.prefix);
    read_part(reading, node["extension"], "extension", is_plain_part, out.extension);
    if (out.extension.starts_with('.')) out.extension.erase(0, 1);
    out.with_time = flag_of(reading, node["includeTimestamp"], "includeTimestamp").value_or(false);
    return out;
}

std::optional<SpeedOutput> read_handler(const Reading& reading, const Node& node) {
    check_names(node, kOutputHandlerSection, reading.report);
    const Node type = node["type"];
    const auto name = type.text();
    const Node settings = node["config"];
    if (name == "console") return SpeedOutput{*name, read_console(reading, settings)};
    if (name == "temp-file") return SpeedOutput{*name, read_file(reading, settings)};
    if (name == "webhook") {
        auto webhook = read_webhook(reading, settings);
        if (!webhook) return std::nullopt;
        return SpeedOutput{*name, *std::move(webhook)};
    }
    const std::string asked = name.value_or("");
    const std::string near = nearest(asked, words_of(kOutputHandlerSection, "type"));
    std::string why = fmt::format(
        "\"{}\" is no type of an output handler{}", asked,
        near.empty() ? "; there are console, temp-file and webhook" : did_you_mean(near));
    if (lowered(asked) == "websocket")
        why =
            "a websocket handler does not exist, as in version 2, which only declared it; use "
            "a webhook";
    reading.report.warn("invalid-value", type ? type.place() : node.place(),
                        why + "; this handler is left out");
    return std::nullopt;
}

using Reporters = std::vector<std::string>;

Reporters read_reporters(const Reading& reading, const Node& node) {
    if (!node || node.is_null()) return {"console", "temp-file"};
    const Words known = words_of(kTokenSpeedSection, "reporter");
    Reporters out;
    for (std::string& name : list_of(reading, node, "reporter")) {
        if (std::ranges::find(known, name) != known.end()) {
            out.push_back(std::move(name));
            continue;
        }
        reading.report.warn(
            "invalid-value", node.place(),
            fmt::format("reporter names \"{}\", which is no type of an output handler{}", name,
                        did_you_mean(nearest(name, known))));
    }
    return out;
}

// What is configured on one side only does nothing, and nobody should have to find out why.
void check_both_sides(const Reading& reading, const Node& options, const Reporters& reporters,
                      const TokenSpeed& speed) {
    const auto is_handled = [&speed](const std::string& type) {
        return std::ranges::find(speed.outputs, type, &SpeedOutput::name) != speed.outputs.end();
    };
    for (const std::string& type : reporters) {
        if (!options["reporter"] || is_handled(type)) continue;
        reading.report.warn("no-handler", options["reporter"].place(),
                            fmt::format("reporter names {0}, but no handler of that type is among "
                                        "outputHandlers; add {{type: \"{0}\"}}",
                                        type));
    }
    for (const SpeedOutput& output : speed.outputs) {
        if (std::ranges::find(reporters, output.name) != reporters.end()) continue;
        const Node place = options["reporter"] ? options["reporter"] : options["outputHandlers"];
        reading.report.warn("no-handler", place.place(),
                            fmt::format("the {0} handler gets nothing because reporter does not "
                                        "name it; add \"{0}\" to reporter",
                                        output.name));
    }
}

void read_handlers(const Reading& reading, const Node& list, TokenSpeed& speed) {
    if (!list.is_blank() && !list.is_array())
        reading.report.warn("wrong-type", list.place(),
                            fmt::format("outputHandlers should be a list such as [{{type: "
                                        "\"console\"}}] but is {}; it is ignored",
                                        list.kind()));
    // As in the reference, whose own file for this case no status line could find.
    if (list.elements().empty()) speed.outputs.push_back({"temp-file", FileOutput()});
    for (const Node& entry : list.elements()) {
        auto handler = read_handler(reading, entry);
        if (handler && flag_of(reading, entry["enabled"], "enabled").value_or(true))
            speed.outputs.push_back(*std::move(handler));
    }
}

void read_form(const Reading& reading, const Node& node, TokenSpeed& out) {
    check_names(node, kOutputOptionSection, reading.report);
    out.format =
        static_cast<TokenSpeed::Format>(word_of(reading, node, kOutputOptionSection, "format"));
    out.timestamp = flag_of(reading, node["timestamp"], "timestamp").value_or(out.timestamp);
    if (const auto time = milliseconds_of(reading, node["timeout"], "timeout"))
        out.time_out = *time;
    if (node["metadata"].is_object()) out.metadata = node["metadata"].json();
}

// Two of one type are two all the same.
void number_names(std::vector<SpeedOutput>& outputs) {
    std::map<std::string, int> seen;
    for (SpeedOutput& output : outputs) {
        const int number = ++seen[output.name];
        output.name = fmt::format("{}-{}", output.name, number);
    }
}

}  // namespace

TokenSpeed read_token_speed(const Reading& reading, const Node& entry) {
    TokenSpeed out;
    out.enabled = flag_of(reading, entry["enabled"], "enabled").value_or(false);
    const Node options = entry["options"];
    if (!options.is_blank() && !options.is_object())
        reading.report.warn("wrong-type", options.place(),
                            fmt::format("options of token-speed should be an object but is {}; it "
                                        "is ignored",
                                        options.kind()));
    check_names(options, kTokenSpeedSection, reading.report);
    const Reporters reporters = read_reporters(reading, options["reporter"]);
    read_handlers(reading, options["outputHandlers"], out);
    check_both_sides(reading, options, reporters, out);
    std::erase_if(out.outputs, [&reporters](const SpeedOutput& output) {
        return std::ranges::find(reporters, output.name) == reporters.end();
    });
    number_names(out.outputs);
    read_form(reading, options["outputOptions"], out);
    return out;
}

}  // namespace ccr::config
