#include "cli/client_launch.h"

#include <fmt/format.h>

#include "base/percent.h"
#include "config/fetch_keys.h"
#include "manifest/catalog.h"
#include "manifest/preset_configs.h"
#include "manifest/settings.h"

namespace ccr::cli {
namespace {

using manifest::Json;

// The client puts "/v1/messages" behind what it is given.
std::string base_of(std::string url) {
    for (const std::string_view ending : {"/v1/messages", "/"}) {
        if (url.ends_with(ending)) return url.substr(0, url.size() - ending.size());
    }
    return url;
}

// An older form names a provider of the main configuration.
Result<ClientLaunch::Direct> direct_to(const Json& settings, const config::Config& preset,
                                       const config::Config& main, const std::string& file) {
    const Json named = settings.value("provider", Json());
    const config::Provider* provider =
        named.is_string() ? main.find_provider(named.get<std::string>()) : nullptr;
    if (provider == nullptr && !preset.providers.empty()) provider = &preset.providers.front();
    if (provider == nullptr)
        return fail(ErrorKind::config, fmt::format("{}: noServer leads straight to a provider, and "
                                                   "there is none; add one to Providers",
                                                   file));
    if (provider->speaks != Protocol::anthropic)
        return fail(
            ErrorKind::config,
            fmt::format(
                "{}: noServer leads the client straight to provider {}, which does not speak "
                "Anthropic's protocol; leave noServer out",
                file, provider->name));
    std::string key = provider->api_key;
    if (config::is_fetched(*provider)) {
        auto fetched = config::fetch_key(*provider);
        if (!fetched)
            return fail(ErrorKind::config, fmt::format("the api_key_command of provider {} {}",
                                                       provider->name, fetched.error().message));
        key = *fetched;
    }
    return ClientLaunch::Direct{base_of(provider->base_url), std::move(key)};
}

}  // namespace

Result<ClientLaunch> client_launch(const Surroundings& here, const std::string& preset) {
    ClientLaunch out;
    TRY(config::Config main, load(here));
    out.has_status_line = main.launch.status_line_enabled;
    if (preset.empty()) {
        out.config = std::move(main);
        return out;
    }
    TRY(const manifest::Manifest manifest,
        manifest::read_manifest(manifest::directory_of(here.paths.home, preset)));
    TRY(const config::Document settings, manifest::settings_of(manifest));
    TRY(out.config, manifest::load_preset(here.paths.home, preset, here.environment, main));
    out.preset = preset;
    out.path = "/preset/" + percent_encode(preset);
    if (!out.config.launch.status_line.empty()) {
        out.has_status_line = out.config.launch.status_line_enabled;
        out.status_line_of = preset;
    }
    const Json more = settings.root->value("claudeCodeSettings", Json());
    if (more.is_object() && !more.empty()) out.client_settings = more.dump();
    if (settings.root->value("noServer", Json()) == Json(true)) {
        TRY(out.direct, direct_to(*settings.root, out.config, main, manifest.file()));
    }
    return out;
}

}  // namespace ccr::cli
