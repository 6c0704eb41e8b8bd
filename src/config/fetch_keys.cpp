#include "config/fetch_keys.h"

#include <fmt/format.h>

#include "config/key_command.h"
#include "config/read_file.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr std::chrono::seconds kCommandTime{10};

// A file's or a command's last line feed is not the key's.
Result<std::string> only_line(const std::string& text) {
    const std::string key(trimmed(text));
    if (key.empty()) return fail(ErrorKind::config, "gave no key");
    if (key.find_first_of("\r\n") != std::string::npos)
        return fail(ErrorKind::config, "gave more than one line");
    return key;
}

Result<std::string> key_from_file(const std::string& file) {
    auto text = read_file(file);
    if (!text) return fail(ErrorKind::config, "cannot be read; check its permissions");
    if (!*text) return fail(ErrorKind::config, "does not exist");
    return only_line(**text);
}

Result<std::string> key_from_command(const std::string& command) {
    TRY(const std::string output, run_key_command(command, kCommandTime));
    return only_line(output);
}

void report_missing(Provider& provider, std::string_view what, const Error& error, Config& config) {
    Finding finding;
    finding.severity = Severity::error;
    finding.code = "no-key";
    finding.file = config.file;
    finding.place = provider.place;
    finding.message = fmt::format("the {} of provider {} {}", what, provider.name, error.message);
    config.findings.push_back(finding);
    if (!provider.broken) provider.broken = finding;
}

}  // namespace

void fetch_keys(Config& config) {
    for (Provider& provider : config.providers) {
        const bool from_command = !provider.key_command.empty();
        if (!from_command && provider.key_file.empty()) continue;
        auto key = from_command ? key_from_command(provider.key_command)
                                : key_from_file(provider.key_file);
        if (!key) {
            report_missing(provider, from_command ? "api_key_command" : "api_key_file", key.error(),
                           config);
            continue;
        }
        config.secrets.push_back(*key);
        provider.api_key = *std::move(key);
    }
}

}  // namespace ccr::config
