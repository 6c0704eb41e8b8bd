#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/preset_actions.h"
#include "cli/preset_answers.h"
#include "cli/preset_source.h"
#include "cli/preset_tree.h"
#include "cli/private_file.h"
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

/// A directory beside the presets, for what is not one yet; gone with the object.
class Staging {
  public:
    static Result<Staging> make(const std::string& presets) {
        TRY_DO(ensure_private_directory(presets));
        std::string path = presets + "/.new-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr)
            return fail(ErrorKind::config, fmt::format("{} cannot be written to", presets));
        return Staging(std::move(path));
    }
    Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, "")) {}
    Staging& operator=(Staging&&) = delete;
    ~Staging() {
        std::error_code none;
        if (!path_.empty()) fs::remove_all(path_, none);
    }
    const std::string& path() const { return path_; }

  private:
    explicit Staging(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

Result<std::string> name_for(const Options& options, const PresetSource& source,
                             const std::string& home) {
    const std::string name = options.name.empty() ? source.name : options.name;
    if (!manifest::is_preset_name(name))
        return fail(
            ErrorKind::invalid_request,
            fmt::format("\"{}\" cannot be a preset's name; give another with --name", name));
    if (find_command_line(name) != nullptr || name == "code")
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
    if (!code.command.empty()) return fmt::format("  {}: {}", code.what, code.command);
    return fmt::format("  {}: {} (sha256 {})", code.what, code.file,
                       code.checksum.empty() ? "missing" : code.checksum);
}

// Scripts run with the user's rights, so they are shown and agreed to.
Result<void> agree_to_code(const Manifest& manifest, const Options& options) {
    const auto code = manifest::code_of(manifest);
    if (code.empty()) return {};
    fmt::print(stderr, "This preset runs code with your rights:\n");
    for (const manifest::Code& each : code) fmt::print(stderr, "{}\n", line_of(each));
    if (options.trust) return {};
    if (!can_ask())
        return fail(ErrorKind::invalid_request,
                    "look at it, and agree to it with --trust; nothing was installed");
    if (ask_yes("Install it?")) return {};
    return fail(ErrorKind::invalid_request, "nothing was installed");
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
        TRY(text, config::set_value(std::move(text), file, {key}, value.dump()));
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
    const auto manifest = manifest::read_manifest(manifest::directory_of(here.paths.home, name));
    if (!manifest) return report(manifest.error());
    const auto answers = collect_answers(*manifest, options.sets, can_ask() && !options.yes);
    if (!answers) return report(answers.error());
    const auto written = set_members(manifest->file(), {{"userValues", *answers}});
    if (!written) return report(written.error());
    return done(here, name, fmt::format("The preset {} has its answers.", name));
}

Result<std::string> installed(const Options& options, const Surroundings& here, std::string& name) {
    TRY(const Staging staging, Staging::make(here.paths.presets));
    TRY(const PresetSource source, fetch_preset(options.file, staging.path()));
    TRY(name, name_for(options, source, here.paths.home));
    TRY(const Manifest manifest, manifest::read_manifest(source.tree));
    TRY_DO(check_providers(manifest));
    TRY(const std::string checksum, checksum_of_tree(source.tree));
    TRY_DO(agree_to_code(manifest, options));
    TRY(const Json answers, collect_answers(manifest, options.sets, can_ask() && !options.yes));
    std::vector<std::pair<std::string, Json>> members{
        {"source", source.from},
        {"sourceType", std::string(name_of(source.kind))},
        {"checksum", "sha256:" + checksum}};
    if (!source.version.empty()) members.emplace_back("sourceCommit", source.version);
    if (!answers.empty()) members.emplace_back("userValues", answers);
    TRY_DO(set_members(manifest.file(), members));
    std::error_code error;
    fs::rename(source.tree, manifest::directory_of(here.paths.home, name), error);
    if (error)
        return fail(ErrorKind::config, fmt::format("{} cannot be written to: {}",
                                                   here.paths.presets, error.message()));
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
