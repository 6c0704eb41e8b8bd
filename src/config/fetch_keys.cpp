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

std::string_view source_of(const Provider& provider) {
    return provider.key_command.empty() ? "api_key_file" : "api_key_command";
}

Finding report_missing(const Provider& provider, const Error& error, Config& config) {
    Finding finding;
    finding.severity = Severity::error;
    finding.code = "no-key";
    finding.file = config.file;
    finding.place = provider.place;
    finding.message =
        fmt::format("the {} of provider {} {}", source_of(provider), provider.name, error.message);
    config.findings.push_back(finding);
    return finding;
}

/// Why there is none, otherwise.
std::optional<Finding> fetch_into(Provider& provider, Config& config) {
    if (!is_fetched(provider)) return std::nullopt;
    auto key = fetch_key(provider);
    if (!key) return report_missing(provider, key.error(), config);
    config.secrets.push_back(*key);
    provider.api_key = *std::move(key);
    return std::nullopt;
}

/// Those that cannot be had are left out.
std::optional<Finding> fetch_several(Provider& provider, Config& config) {
    std::optional<Finding> last;
    std::erase_if(provider.by_key, [&](Provider& one) {
        auto missing = fetch_into(one, config);
        if (!missing) return false;
        last = std::move(missing);
        return true;
    });
    if (provider.by_key.empty()) return last;
    provider.api_key = provider.by_key.front().api_key;
    return std::nullopt;
}

}  // namespace

bool is_fetched(const Provider& provider) {
    return !provider.key_command.empty() || !provider.key_file.empty();
}

Result<std::string> fetch_key(const Provider& provider) {
    return provider.key_command.empty() ? key_from_file(provider.key_file)
                                        : key_from_command(provider.key_command);
}

void fetch_keys(Config& config) {
    for (Provider& provider : config.providers) {
        auto missing = provider.by_key.empty() ? fetch_into(provider, config)
                                               : fetch_several(provider, config);
        if (missing && !provider.broken) provider.broken = std::move(missing);
    }
}

}  // namespace ccr::config
