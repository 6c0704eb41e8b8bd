// `ccr config`: where the configuration is, its values read, set and taken out.
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/config_actions.h"
#include "cli/config_file.h"
#include "cli/exit_codes.h"
#include "cli/input.h"
#include "cli/masked.h"
#include "config/edit_json5.h"
#include "config/key_path.h"
#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/read_file.h"
#include "config/schema_document.h"
#include "json/utf8.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& value) {
    const int indent = value.is_structured() ? 2 : -1;
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Result<Json> whole_of(const std::string& text, const std::string& file) {
    TRY(const config::Document document, config::parse_json5(text.empty() ? "{}" : text, file));
    return *document.root;
}

int print_value(const Json& value, bool as_json) {
    if (value.is_string() && !as_json)
        fmt::print("{}\n", value.get<std::string>());
    else
        fmt::print("{}\n", dumped(value));
    return kDone;
}

std::string near_key(const config::KeyPath& path) {
    if (path.size() > 1) return "";
    std::vector<std::string> known;
    for (const std::string_view name : config::names_of(config::kTopSection))
        known.emplace_back(name);
    return config::did_you_mean(config::nearest(path.front(), known));
}

Result<config::KeyPath> path_in(const std::string& key, const std::string& text,
                                const std::string& file) {
    TRY(const config::KeyPath path, config::parse_key_path(key));
    TRY(const config::Document document, config::parse_json5(text.empty() ? "{}" : text, file));
    return config::spelled_in(config::Node::root_of(document), path);
}

int get(const Options& options, const Surroundings& here) {
    const auto text = config::read_file(here.config_file);
    if (!text) return report(text.error());
    const auto root = whole_of(text->value_or(""), here.config_file);
    if (!root) return report(root.error());
    if (options.key.empty())
        return print_value(options.reveal ? *root : masked(*root, {}), options.json);
    const auto path = path_in(options.key, text->value_or(""), here.config_file);
    if (!path) return report(path.error());
    const Json* const value = value_at(*root, *path);
    if (value == nullptr) {
        fmt::print(stderr, "{} is not set in {}{}.\n", options.key,
                   shortened(here.paths, here.config_file), near_key(*path));
        return kFailed;
    }
    if (options.reveal) return print_value(*value, options.json);
    const Json shown = masked(*value, *path);
    if (shown != *value && ::isatty(STDERR_FILENO) == 1)
        fmt::print(stderr, "Keys are hidden; --reveal shows them.\n");
    return print_value(shown, options.json);
}

// JSON5 where it is that, else text. Error: it begins like JSON5 and is none.
Result<Json> value_of(const std::string& given, const config::KeyPath& path, bool as_text) {
    if (as_text) return Json(given);
    const auto parsed = config::parse_json5(given, "the value");
    const std::size_t first = given.find_first_not_of(" \t\r\n");
    if (!parsed && first != std::string::npos &&
        std::string_view("{[\"'").find(given[first]) != std::string_view::npos)
        return fail(ErrorKind::invalid_request,
                    parsed.error().message + "; with --string it is taken as text.");
    // A key of digits alone is text all the same.
    if (config::is_secret_path(path) && parsed && parsed->root->is_number()) return Json(given);
    const bool is_value =
        parsed && !(parsed->root->is_number_float() && !std::isfinite(parsed->root->get<double>()));
    return is_value ? *parsed->root : Json(given);
}

std::string shown(const Json& value, const config::KeyPath& path) {
    const Json hidden = masked(value, path);
    if (hidden.is_string()) return hidden.get<std::string>();
    const std::string text = hidden.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

Result<std::string> given_value(const std::string& value) {
    std::string text = value;
    if (value == "-") {
        TRY(text, read_input("-"));
        while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    }
    if (json::is_valid_utf8(text)) return text;
    return fail(ErrorKind::invalid_request,
                "The value is no UTF-8, which the configuration's text is.");
}

Result<std::string> after_change(const Options& options, const ConfigFile& file,
                                 const config::KeyPath& path, std::string& told) {
    if (options.action == "unset") {
        told = "not set any longer";
        return config::unset_value(file.text(), file.path(), path);
    }
    TRY(const std::string given, given_value(options.value));
    TRY(const Json value, value_of(given, path, options.as_text));
    told = shown(value, path);
    return config::set_value(file.text(), file.path(), path, dumped(value));
}

Result<void> change(const Options& options, const Surroundings& here) {
    TRY(ConfigFile file, ConfigFile::open(here));
    TRY(const config::KeyPath path, path_in(options.key, file.text(), file.path()));
    TRY(const Json root, whole_of(file.text(), file.path()));
    const Json* const before = value_at(root, path);
    if (before == nullptr && options.action == "unset")
        return fail(ErrorKind::not_found,
                    fmt::format("{} is not set in {}{}.", options.key,
                                shortened(here.paths, file.path()), near_key(path)));
    const std::string was = before == nullptr ? "" : fmt::format(" (was {})", shown(*before, path));
    std::string told;
    TRY(const std::string after, after_change(options, file, path, told));
    TRY(const auto notes, file.replace(after, options.force));
    fmt::print("{}: {}{}\n", config::key_path_text(path), told, was);
    for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
    if (options.action == "set" && options.value != "-" && told == kHidden)
        fmt::print(stderr,
                   "Shells keep what is typed; `ccr config set {} -` reads a key from "
                   "standard input.\n",
                   options.key);
    return {};
}

}  // namespace

int config_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    if (options.action == "path") {
        fmt::print("{}\n", here.config_file);
        return kDone;
    }
    if (options.action == "schema" || options.action == "reference") {
        fmt::print("{}", options.action == "schema" ? config::json_schema()
                                                    : config::reference_markdown());
        return kDone;
    }
    if (options.action == "get") return get(options, here);
    if (options.action == "edit") return edit_config(options, here);
    if (options.action == "check") return check_config(options, here);
    if (options.action == "import") return import_config(options, here);
    const auto changed = change(options, here);
    return changed ? kDone : report(changed.error());
}

}  // namespace ccr::cli
