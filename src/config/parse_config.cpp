// The table of contents of reading a configuration: text, tree, variables, parts, findings.
#include <fmt/format.h>

#include <set>

#include "config/inherit.h"
#include "config/interpolate.h"
#include "config/json5.h"
#include "config/known_keys.h"
#include "config/loader.h"
#include "config/reading.h"
#include "config/secrets.h"

namespace ccr::config {
namespace {

// FNV-1a, 64 bits: tells versions of a file apart, not meant against an adversary.
std::uint64_t fingerprint_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash == 0 ? 1 : hash;
}

void report_unresolved(const Document& document, Report& report) {
    std::set<std::pair<int, int>> told;
    const std::vector<Finding> before = report.take();
    for (const Finding& finding : before) {
        if (finding.code == "unresolved-variable")
            told.insert({finding.place.line, finding.place.column});
        report.add(finding.severity, finding.code, finding.place, finding.message);
    }
    for (const auto& [pointer, names] : document.unresolved) {
        const auto span = document.spans.find(pointer);
        const Place place = span == document.spans.end() ? Place{} : span->second.value;
        if (told.contains({place.line, place.column})) continue;
        for (const std::string& name : names) {
            report.warn("unresolved-variable", place,
                        fmt::format("the variable {0} is not set, so the text stays as it is; "
                                    "export {0}=... before "
                                    "the start, or write $${0} for a literal ${0}",
                                    name));
        }
    }
}

bool is_variable(const void* names, const std::string& name) {
    return static_cast<const std::set<std::string>*>(names)->contains(name);
}

void report_demo(const Config& config, Report& report) {
    if (!config.demo) return;
    report.note("demo", {},
                "there are no providers yet, so the built-in demo answers; add one to Providers");
}

void append(std::vector<std::string>&& more, std::vector<std::string>& out) {
    for (std::string& value : more) out.push_back(std::move(value));
}

}  // namespace

namespace {

std::unexpected<Error> no_object(const Node& root, const std::string& file) {
    return fail(ErrorKind::config,
                fmt::format("{}:{}:{}: the configuration should be one object {{ ... }} but is {}; "
                            "enclose it in braces",
                            file, root.place().line, root.place().column, root.kind()));
}

// What is left to the service that a preset runs in: `around`; nullptr for its own file.
Result<Config> config_of(Document& document, const std::string& file,
                         const Environment& environment, const Config* around) {
    if (!Node::root_of(document).is_object()) return no_object(Node::root_of(document), file);
    Interpolated variables = interpolate(document, environment);
    if (around) inherit(*around, document);
    const Node root = Node::root_of(document);
    Report report(file);
    for (const Finding& finding : document.findings) {
        report.add(finding.severity, finding.code, finding.place, finding.message);
    }
    Config config;
    config.file = file;
    const Reading reading{root, environment, report};
    check_names(root, kTopSection, report, is_variable, &variables.names);
    read_listen(reading, config);
    if (!around) read_tls(reading, config);
    read_service(reading, config);
    read_upstream(reading, config);
    read_media_fetch(reading, config);
    read_limits(reading, config);
    read_scripts(reading, config);
    read_providers(reading, config);
    config.index_models();
    read_routing(reading, config);
    read_hedge(reading, config);
    if (around)
        tell_plugins_of_preset(reading);
    else
        read_plugins(reading, config);
    report_demo(config, report);
    report_unresolved(document, report);
    config.secrets = secrets_of(root);
    append(std::move(variables.secrets), config.secrets);
    append(platform_secrets(config), config.secrets);
    append(webhook_secrets(config), config.secrets);
    config.json = root.json();
    config.findings = report.take();
    return config;
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file,
                            const Environment& environment) {
    TRY(Document document, parse_json5(text, file));
    TRY(Config config, config_of(document, file, environment, nullptr));
    config.fingerprint = fingerprint_of(text);
    return config;
}

Result<Config> parse_preset(Document document, const std::string& file,
                            const Environment& environment, const Config& around) {
    TRY(Config config, config_of(document, file, environment, &around));
    config.fingerprint = fingerprint_of(config.json);
    config.listen = around.listen;
    config.access = around.access;
    config.logging = around.logging;
    config.token_speed = around.token_speed;
    return config;
}

}  // namespace ccr::config
