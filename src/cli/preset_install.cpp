#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/preset_actions.h"
#include "cli/preset_answers.h"
#include "cli/preset_source.h"
#include "cli/preset_tree.h"
#include "cli/private_file.h"
#include "cli/staging.h"
#include "cli/terminal.h"
#include "config/edit_json5.h"
#include "config/read_file.h"
#include "manifest/catalog.h"
#include "manifest/code_of.h"
#include "manifest/preset_configs.h"
#include "manifest/settings.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;
using manifest::Json;
using manifest::Manifest;

Result<std::string> name_for(const Options& options, const PresetSource& source,
                             const std::string& home) {
    const std::string name = options.name.empty() ? source.name : options.name;
    if (!manifest::is_preset_name(name))
        return fail(
            ErrorKind::invalid_request,
            fmt::format("\"{}\" cannot be a preset's name; give another with --name", name));
    if (is_command_word(name))
        return fail(ErrorKind::invalid_request,
                    fmt::format("`ccr {}` is a command, so no preset can be called so; give "
                                "another name with --name",
                                name));
    std::error_code none;
    if (fs::exists(manifest::directory_of(home, name), none))
        return fail(ErrorKind::invalid_request,
                    fmt::format("the preset {0} is there already; `ccr preset delete {0}` first, "
                                "or install this one under "
                                "another name with --name",
                                name));
    return name;
}

std::string line_of(const manifest::Code& code) {
    if (!code.command.empty()) return fmt::format("  {}: {}", code.what, printable(code.command));
    return fmt::format("  {}: {} (sha256 {})", code.what, printable(code.file),
                       code.checksum.empty() ? "missing" : code.checksum);
}

bool is_among(const manifest::Code& code, const std::vector<manifest::Code>& known) {
    return std::ranges::any_of(known, [&code](const manifest::Code& other) {
        return other.what == code.what && other.file == code.file &&
               other.command == code.command && other.checksum == code.checksum;
    });
}

// What runs with the user's rights is shown and agreed to, with the answers that it has; `known`
// has been.
Result<void> agree_to_code(const Manifest& manifest, const std::vector<manifest::Code>& known,
                           const Options& options) {
    std::vector<manifest::Code> code = manifest::code_of(manifest);
    std::erase_if(code, [&known](const manifest::Code& each) { return is_among(each, known); });
    if (code.empty()) return {};
    fmt::print(stderr,
               "This preset runs code, sets up the client or sends files, with your rights:\n");
    for (const manifest::Code& each : code) fmt::print(stderr, "{}\n", line_of(each));
    if (options.trust) return {};
    if (!can_ask())
        return fail(ErrorKind::invalid_request,
                    "look at it, and agree to it with --trust; nothing was changed");
    if (ask_yes("Agree?")) return {};
    return fail(ErrorKind::invalid_request, "nothing was changed");
}

Result<void> check_providers(const Manifest& manifest) {
    TRY(const config::Document settings, manifest::configuration_of(manifest));
    for (const Json& provider : settings.root->value("Providers", Json::array())) {
        const bool has_url = provider.is_object() &&
                             (provider.contains("api_base_url") || provider.contains("baseUrl") ||
                              provider.contains("base_url") || provider.contains("preset"));
        if (!provider.is_object() || !provider.contains("name") || !has_url)
            return fail(ErrorKind::config,
                        fmt::format("{}: a provider without name or api_base_url; complete it",
                                    manifest.file()));
    }
    return {};
}

Result<void> set_members(const std::string& file,
                         const std::vector<std::pair<std::string, Json>>& members) {
    TRY(const std::optional<std::string> before, config::read_file(file));
    std::string text = before.value_or("");
    for (const auto& [key, value] : members) {
        TRY(text, config::set_value(std::move(text), file, {key},
                                    value.dump(-1, ' ', false, Json::error_handler_t::replace)));
    }
    return write_private_file(file, text);
}

// What the configuration says once the answers are in it; variables may have values elsewhere.
void tell_findings(const std::string& home, const std::string& name, const Surroundings& here) {
    const auto around = load(here);
    if (!around) return;
    const auto config = manifest::load_preset(home, name, here.environment, *around);
    if (!config) return;
    for (const config::Finding& finding : config->findings) {
        if (finding.severity != config::Severity::note)
            fmt::print(stderr, "{}\n", to_string(finding));
    }
}

int done(const Surroundings& here, const std::string& name, const std::string& what) {
    fmt::print("{}\n", what);
    tell_findings(here.paths.home, name, here);
    fmt::print("`ccr {0}` starts the client with it; other clients reach it at /preset/{0}.\n",
               name);
    return kDone;
}

int reconfigure(const Options& options, const Surroundings& here, const std::string& name) {
    auto manifest = manifest::read_manifest(manifest::directory_of(here.paths.home, name));
    if (!manifest) return report(manifest.error());
    const auto known = manifest::code_of(*manifest);
    const auto answers = collect_answers(*manifest, options.sets, can_ask() && !options.yes);
    if (!answers) return report(answers.error());
    (*manifest->document.root)["userValues"] = *answers;
    if (const auto agreed = agree_to_code(*manifest, known, options); !agreed)
        return report(agreed.error());
    const auto written = set_members(manifest->file(), {{"userValues", *answers}});
    if (!written) return report(written.error());
    return done(here, name, fmt::format("The preset {} has its answers.", name));
}

Result<std::string> installed(const Options& options, const Surroundings& here, std::string& name) {
    TRY_DO(ensure_private_directory(here.paths.presets));
    TRY(const Staging staging, Staging::make(here.paths.presets));
    TRY(const PresetSource source, fetch_preset(options.file, staging.path()));
    TRY(name, name_for(options, source, here.paths.home));
    TRY(Manifest manifest, manifest::read_manifest(source.tree));
    TRY(const std::string checksum, checksum_of_tree(source.tree));
    TRY(const Json answers, collect_answers(manifest, options.sets, can_ask() && !options.yes));
    (*manifest.document.root)["userValues"] = answers;
    TRY_DO(check_providers(manifest));
    TRY_DO(agree_to_code(manifest, {}, options));
    std::vector<std::pair<std::string, Json>> members{
        {"source", source.from},
        {"sourceType", std::string(name_of(source.kind))},
        {"checksum", "sha256:" + checksum}};
    if (!source.version.empty()) members.emplace_back("sourceCommit", source.version);
    if (!answers.empty()) members.emplace_back("userValues", answers);
    TRY_DO(set_members(manifest.file(), members));
    TRY_DO(Staging::move(source.tree, manifest::directory_of(here.paths.home, name)));
    return fmt::format("Installed the preset {} from {}{}\nsha256 {}", name, source.from,
                       source.version.empty() ? "" : fmt::format(" (commit {})", source.version),
                       checksum);
}

}  // namespace

int install_preset(const Options& options, const Surroundings& here) {
    std::error_code none;
    const bool is_path =
        options.file.find('/') != std::string::npos || fs::exists(options.file, none);
    if (!is_path && options.name.empty() && manifest::is_installed(here.paths.home, options.file))
        return reconfigure(options, here, options.file);
    std::string name;
    const auto what = installed(options, here, name);
    return what ? done(here, name, *what) : report(what.error());
}

}  // namespace ccr::cli
