#include "cli/doctor_facts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

#include "cli/client_environment.h"
#include "cli/client_settings.h"
#include "cli/private_file.h"
#include "cli/upstream_library.h"

namespace ccr::cli {
namespace {

// Where an administrator puts what no user may change.
constexpr const char* kManaged[] = {
    "/etc/claude-code/managed-settings.json",
    "/Library/Application Support/ClaudeCode/managed-settings.json"};

std::optional<doctor::ClientSettings> read_settings(const std::string& file, bool is_managed) {
    const auto text = read_file(file);
    if (!text) return std::nullopt;
    SettingsFile read = read_settings_text(*text);
    return doctor::ClientSettings{file, is_managed, read.is_broken, std::move(read.variables),
                                  read.has_key_helper};
}

bool is_executable(const std::string& path) {
    return ::access(path.c_str(), X_OK) == 0;
}

bool is_on_path(const std::string& program, const config::Environment& environment) {
    if (program.find('/') != std::string::npos) return is_executable(program);
    const std::string path = environment("PATH").value_or("");
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        if (is_executable(path.substr(begin, end - begin) + "/" + program)) return true;
        begin = end + 1;
    }
    return false;
}

bool is_name_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::vector<doctor::ClientSettings> all_settings(const Surroundings& here) {
    std::error_code failed;
    const std::string directory = std::filesystem::current_path(failed).string();
    std::vector<std::string> files = settings_files(here.paths, here.environment, directory);
    // At home, the project's file is the user's.
    const auto last = std::ranges::unique(files, [](const std::string& a, const std::string& b) {
        std::error_code absent;
        return a == b || std::filesystem::equivalent(a, b, absent);
    });
    files.erase(last.begin(), last.end());
    std::vector<doctor::ClientSettings> out;
    for (const std::string& file : files) {
        if (auto settings = read_settings(file, false)) out.push_back(*std::move(settings));
    }
    for (const char* const file : kManaged) {
        if (auto settings = read_settings(file, true)) out.push_back(*std::move(settings));
    }
    return out;
}

}  // namespace

doctor::ConfigFacts gather_config(const Surroundings& here, const Result<config::Config>& config) {
    doctor::ConfigFacts out;
    out.file = here.config_file;
    struct stat found{};
    out.is_there = ::stat(here.config_file.c_str(), &found) == 0;
    out.mode = found.st_mode & 07777;
    if (!config) {
        out.error = config.error().message;
        return out;
    }
    out.config = &*config;
    const auto loaded = load_upstream_library(*config);
    if (!loaded) out.library_error = loaded.error().message;
    const std::string text = read_file(here.config_file).value_or("");
    out.holds_keys = std::ranges::any_of(config->secrets, [&](const std::string& secret) {
        return !secret.empty() && text.find(secret) != std::string::npos;
    });
    return out;
}

doctor::KeyVariable key_variables(const Surroundings& here) {
    return [text = read_file(here.config_file).value_or(""),
            environment = here.environment](const std::string& key) -> std::string {
        for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at)) {
            const std::size_t begin = at + (text.compare(at, 2, "${") == 0 ? 2 : 1);
            std::size_t end = begin;
            while (end < text.size() && is_name_char(text[end])) ++end;
            const std::string name = text.substr(begin, end - begin);
            if (!name.empty() && environment(name) == key) return name;
            at = end;
        }
        return "";
    };
}

doctor::EnvironmentFacts gather_environment(const Surroundings& here,
                                            const Result<config::Config>& config) {
    doctor::EnvironmentFacts out;
    const config::Config otherwise;
    const config::Config& known = config ? *config : otherwise;
    out.environment = here.environment;
    out.port = known.listen.port;
    const auto running = find_instance(here.paths, wanted(here, config));
    if (running) out.port = running->status.port;
    out.host = host_of(running ? running->status.endpoint
                               : endpoint_of(known.listen.host, known.listen.port));
    out.key = known.access.api_key;
    out.settings = all_settings(here);
    out.client = known.launch.claude_path;
    out.client_is_there = is_on_path(out.client, here.environment);
    return out;
}

}  // namespace ccr::cli
