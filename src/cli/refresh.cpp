#include "cli/refresh.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "cli/commands.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "config/fetch_keys.h"
#include "gateway/model_list.h"
#include "route/names.h"

namespace ccr::cli {
namespace {

using Windows = Result<std::vector<store::Window>>;

net::Task<void> ask(net::HttpClient& client, const config::Provider& provider, std::string proxy,
                    Windows& out) {
    out = co_await gateway::fetch_windows(client, provider, std::move(proxy));
}

Windows ask(const config::Config& config, const config::Provider& provider) {
    net::asio::io_context context(1);
    net::HttpClient client(context);
    Windows out;
    std::string proxy = provider.proxy.empty() ? config.proxy : provider.proxy;
    // Idle connections are watched, which alone would keep the context running.
    net::asio::co_spawn(context, ask(client, provider, std::move(proxy), out),
                        [&context](const std::exception_ptr&) { context.stop(); });
    context.run();
    return out;
}

Result<std::vector<const config::Provider*>> meant(const config::Config& config,
                                                   const std::string& name) {
    std::vector<const config::Provider*> out;
    if (!name.empty()) {
        const config::Provider* provider = config.find_provider(name);
        if (!provider)
            return std::unexpected(route::unknown_provider({name, "", {}}, true, config));
        out.push_back(provider);
        return out;
    }
    for (const config::Provider& provider : config.providers) out.push_back(&provider);
    return out;
}

std::string shown(const std::optional<std::int64_t>& tokens) {
    return tokens ? fmt::format("{}", *tokens) : "?";
}

// The configured models; how many others there are.
void print(const config::Provider& provider, const std::vector<store::Window>& windows) {
    std::size_t others = 0;
    for (const store::Window& window : windows) {
        if (std::ranges::find(provider.models, window.model) == provider.models.end())
            ++others;
        else
            fmt::print("{},{}: {} tokens of context, at most {} out\n", provider.name, window.model,
                       shown(window.context), shown(window.output));
    }
    if (windows.empty())
        fmt::print("{}: its list of models says nothing of their size\n", provider.name);
    else
        fmt::print("{}: {} models kept, {} of them not in the configuration\n", provider.name,
                   windows.size(), others);
}

int cannot_be_written(const Surroundings& here) {
    fmt::print(stderr, "The state file {} cannot be written.\n",
               shortened(here.paths, here.paths.state));
    return kFailed;
}

}  // namespace

void have_learned_read(const Surroundings& here) {
    for (const Instance& instance : running_instances(here.paths)) {
        const auto told = ask_service(instance.socket, "POST", "/windows");
        if (!told || told->status != 200)
            fmt::print(stderr, "The service at {} does not take it over; `ccr restart` does.\n",
                       instance.socket);
    }
}

int refresh_models(const Surroundings& here, const config::Config& config,
                   const std::string& provider) {
    config::Config complete = config;
    config::fetch_keys(complete);
    const auto providers = meant(complete, provider);
    if (!providers) return report(providers.error());
    int code = kDone;
    for (const config::Provider* one : *providers) {
        const Windows windows = ask(complete, *one);
        if (!windows) {
            code = report(windows.error());
            continue;
        }
        if (!store::write_windows(here.paths.state, one->name, *windows))
            return cannot_be_written(here);
        print(*one, *windows);
    }
    have_learned_read(here);
    return code;
}

int forget_models(const Surroundings& here, const config::Config& config,
                  const std::string& provider) {
    const auto providers = meant(config, provider);
    if (!providers) return report(providers.error());
    for (const config::Provider* one : *providers) {
        if (!store::write_windows(here.paths.state, one->name, {})) return cannot_be_written(here);
    }
    have_learned_read(here);
    return kDone;
}

}  // namespace ccr::cli
