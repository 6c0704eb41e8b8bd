#include "cli/log_settings.h"

#include <array>
#include <utility>

namespace ccr::cli {

log::Level log_level(const std::string& name) {
    using enum log::Level;
    constexpr std::array<std::pair<std::string_view, log::Level>, 6> kLevels{{{"trace", trace},
                                                                              {"debug", debug},
                                                                              {"warn", warn},
                                                                              {"error", error},
                                                                              {"fatal", fatal},
                                                                              {"silent", fatal}}};
    for (const auto& [known, level] : kLevels) {
        if (name == known) return level;
    }
    return info;
}

log::Settings log_settings(const config::Logging& logging, const std::string& directory,
                           bool foreground) {
    log::Settings settings;
    settings.to_file = logging.to_file && logging.level != "silent";
    settings.to_stderr = foreground;
    settings.level = log_level(logging.level);
    settings.directory = directory;
    return settings;
}

void log_findings(std::span<const config::Finding> findings) {
    for (const config::Finding& finding : findings) {
        const bool is_note = finding.severity == config::Severity::note;
        log::write(is_note ? log::Level::info : log::Level::warn, to_string(finding));
    }
}

}  // namespace ccr::cli
