#include "gateway/scripted.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/log.h"
#include "gateway/call.h"
#include "plugin/scripted_response.h"

namespace ccr::gateway {
namespace {

std::vector<plugin::GrantSet> sets_of_transformers(const config::Config& config) {
    std::vector<plugin::GrantSet> sets = plugin::grant_sets(config);
    std::erase_if(sets, [](const plugin::GrantSet& set) { return set.transformers.empty(); });
    return sets;
}

}  // namespace

Scripted::Scripted(Call& call, const config::Provider& provider, const std::string& model)
    : call_(call), provider_(provider), model_(model), use_(plugin::scripts_of(provider, model)) {
    if (!use_.empty()) sets_ = sets_of_transformers(*call.config);
}

net::Task<Result<void>> Scripted::edit(std::string& body, ClientStream* client) {
    CO_TRY_DO(co_await split(client));
    for (Segment& segment : segments_) {
        auto done = co_await edit(segment, body, client);
        if (!done && !goes_on_without(done.error())) co_return done;
    }
    co_return Result<void>();
}

bool Scripted::goes_on_without(const Error& error) const {
    if (!call_.config->scripts.skip_failed || error.kind != ErrorKind::config) return false;
    tell_left_out(error.message);
    return true;
}

void Scripted::tell_left_out(const std::string& failure) const {
    log::warn(
        "a request goes on without a script that failed (scripts.on_failure)",
        {{"reqId", std::string_view(call_.trace.id())}, {"reason", std::string_view(failure)}});
}

net::Task<Result<plugin::RegisteredNames>> Scripted::names_of(const plugin::GrantSet& set,
                                                              ClientStream* client) {
    CO_TRY(const auto asked, plugin::ask_names(call_.scripts, *call_.config, set, use_));
    CO_TRY(const plugin::KeptFrame told, co_await result_of(*asked, client));
    asked->finish();
    co_return plugin::names_in(told);
}

// Which names a file registers, its host alone knows: where there are several, all are asked.
net::Task<Result<void>> Scripted::split(ClientStream* client) {
    if (sets_.size() == 1) {
        segments_.push_back(Segment{&sets_.front(), use_});
        co_return Result<void>();
    }
    std::vector<plugin::RegisteredNames> registered(sets_.size());
    std::string problems;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
        auto names = co_await names_of(sets_[i], client);
        if (!names && names.error().kind == ErrorKind::client_gone)
            co_return std::unexpected(std::move(names).error());
        if (!names) {
            problems += "; " + names.error().message;  // it matters where a name is not found
            continue;
        }
        registered[i] = *std::move(names);
        for (const std::string& problem : registered[i].problems) problems += "; " + problem;
    }
    for (const config::TransformerUse* use : use_) {
        // The last file that registers a name has it.
        std::size_t i = sets_.size();
        while (i > 0 && std::ranges::find(registered[i - 1].names, use->name) ==
                            registered[i - 1].names.end())
            --i;
        if (i == 0) {
            const Error error =
                make_error(ErrorKind::config, fmt::format("plugin {}, loading: no file of "
                                                          "\"transformers\" registers it{}",
                                                          use->name, problems));
            if (!goes_on_without(error)) co_return std::unexpected(error);
            continue;
        }
        if (segments_.empty() || segments_.back().grants != &sets_[i - 1])
            segments_.push_back(Segment{&sets_[i - 1], Uses()});
        segments_.back().use.push_back(use);
    }
    co_return Result<void>();
}

net::Task<Result<void>> Scripted::edit(Segment& segment, std::string& body, ClientStream* client) {
    const plugin::TransformQuestion question{request_view(call_), provider_,   model_,
                                             *segment.grants,     segment.use, body};
    CO_TRY(segment.host, plugin::ask_transformers(call_.scripts, *call_.config, question));
    auto came = co_await result_of(*segment.host, client);
    auto made = came ? plugin::transformed_by(*std::move(came))
                     : Result<plugin::Transformed>(std::unexpected(came.error()));
    if (!made) {
        segment.host.reset();
        co_return std::unexpected(std::move(made).error());
    }
    segment.made = *std::move(made);
    for (const std::string& failure : segment.made.failures) tell_left_out(failure);
    if (segment.made.body) {
        body = *std::exchange(segment.made.body, std::nullopt);
        edited_ = true;
    }
    if (!segment.made.answers) {
        segment.host->finish();
        segment.host.reset();
    }
    co_return Result<void>();
}

net::Task<Result<plugin::KeptFrame>> Scripted::result_of(plugin::HostCall& host,
                                                         ClientStream* client) {
    call_.exchange.when_gone([&host] { host.abort(); });
    Result<plugin::HostCall::Waited> came = plugin::HostCall::Waited();
    while (came && !*came) {
        const net::Deadline wake = client ? client->next_heartbeat() : net::kNever;
        came = co_await host.result(call_.config->scripts.transform_time, wake);
        if (!came || *came) break;
        auto kept = co_await client->heartbeat(net::Clock::now());
        if (!kept) came = std::unexpected(std::move(kept).error());
    }
    call_.exchange.when_gone({});  // the host's call may end before the client's
    if (!came) co_return std::unexpected(std::move(came).error());
    co_return **std::move(came);
}

bool Scripted::answers() const {
    return std::ranges::any_of(segments_, [](const Segment& one) { return one.made.answers; });
}

void Scripted::complete(net::ClientRequest& request) const {
    for (const Segment& segment : segments_) {
        if (!segment.made.url.empty()) request.url = segment.made.url;
        for (const auto& [name, value] : segment.made.headers) {
            request.headers.remove(name);
            if (value && !value->empty()) request.headers.add(name, *value);
        }
    }
}

std::string Scripted::names() const {
    std::string out;
    for (const config::TransformerUse* use : use_)
        out.append(out.empty() ? "" : ", ").append(use->name);
    return out;
}

std::unique_ptr<net::ClientResponse> Scripted::answer(std::unique_ptr<net::ClientResponse> from) {
    for (Segment& segment : std::views::reverse(segments_)) {
        if (segment.host)
            from = std::make_unique<plugin::ScriptedResponse>(
                call_.scripts.context(), std::move(from), std::move(segment.host));
    }
    return from;
}

}  // namespace ccr::gateway
