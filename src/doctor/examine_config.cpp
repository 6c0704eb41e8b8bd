#include "doctor/examine_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ccr::doctor {
namespace {

constexpr unsigned kForOthers = 077;
constexpr std::string_view kEdit = "`ccr config edit` opens the file and checks it";

Finding about(Severity severity, std::string check, std::string place, std::string what,
              std::string remedy) {
    return {severity,         Area::configuration, std::move(check),
            std::move(place), std::move(what),     std::move(remedy)};
}

std::string place_of(const config::Finding& finding) {
    if (finding.place.line <= 0) return finding.file;
    return fmt::format("{}:{}:{}", finding.file, finding.place.line, finding.place.column);
}

// "FILE:LINE:COLUMN: what; remedy"
Finding unreadable(const ConfigFacts& facts) {
    std::string place = facts.file, message = facts.error;
    const std::size_t end = message.find(": ");
    if (message.starts_with(facts.file) && end != std::string::npos) {
        place = message.substr(0, end);
        message.erase(0, end + 2);
    }
    auto [what, remedy] = split_message(message, std::string(kEdit));
    return about(Severity::failure, "unreadable", place, what, remedy);
}

Finding found(const config::Finding& finding) {
    const Severity severity = finding.severity == config::Severity::error     ? Severity::failure
                              : finding.severity == config::Severity::warning ? Severity::warning
                                                                              : Severity::good;
    auto [what, remedy] = split_message(finding.message, std::string(kEdit));
    return about(severity, finding.code, place_of(finding), what, remedy);
}

// A variable that this shell lacks and the service has: it works until it is started from here.
bool is_known_there(const config::Finding& finding, const ConfigFacts& facts) {
    return finding.code == "unresolved-variable" &&
           std::ranges::any_of(facts.usable_there, [&](const std::string& name) {
               const auto* const provider = facts.config->find_provider(name);
               return provider != nullptr && provider->broken &&
                      provider->broken->code == finding.code &&
                      provider->broken->message == finding.message &&
                      place_of(*provider->broken) == place_of(finding);
           });
}

Finding known_there(Finding finding) {
    finding.severity = Severity::warning;
    finding.what += " in this shell; the running service has it";
    finding.remedy += ", before a `ccr restart` from this shell";
    return finding;
}

Finding permissions(const ConfigFacts& facts) {
    return about(Severity::warning, "readable-by-others", facts.file,
                 fmt::format("other users of this machine may read or change it (mode {:04o}), and "
                             "it holds keys",
                             facts.mode & 0777),
                 fmt::format("chmod 600 {}", facts.file));
}

Finding library(const ConfigFacts& facts) {
    auto [what, remedy] = split_message(facts.library_error, "");
    if (remedy.ends_with('.')) remedy.pop_back();
    return about(Severity::failure, "library-missing", facts.file, what, remedy);
}

}  // namespace

std::pair<std::string, std::string> split_message(const std::string& message,
                                                  const std::string& otherwise) {
    const std::size_t at = message.rfind("; ");
    if (at != std::string::npos) return {message.substr(0, at), message.substr(at + 2)};
    return {message, otherwise};
}

Findings examine_config(const ConfigFacts& facts) {
    Findings out;
    if (facts.config == nullptr) return {unreadable(facts)};
    for (const config::Finding& finding : facts.config->findings) {
        if (finding.severity != config::Severity::note || finding.code == "demo")
            out.push_back(is_known_there(finding, facts) ? known_there(found(finding))
                                                         : found(finding));
    }
    if (facts.is_there && facts.holds_keys && (facts.mode & kForOthers) != 0)
        out.push_back(permissions(facts));
    if (!facts.library_error.empty()) out.push_back(library(facts));
    if (facts.config->demo && out.size() == 1 && out.front().check == "demo") {
        out.front().severity = Severity::warning;
        out.front().remedy = "`ccr provider add NAME` adds a provider";
    }
    const auto is_bad = [](const Finding& finding) { return finding.severity != Severity::good; };
    const std::size_t providers = facts.config->providers.size();
    if (std::ranges::none_of(out, is_bad))
        out.push_back(about(
            Severity::good, "readable", facts.file,
            fmt::format("{} provider{}, nothing odd", providers, providers == 1 ? "" : "s"), ""));
    return out;
}

}  // namespace ccr::doctor
