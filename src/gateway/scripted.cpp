#include "gateway/scripted.h"

#include "gateway/call.h"
#include "plugin/scripted_response.h"

namespace ccr::gateway {

Scripted::Scripted(Call& call, const config::Provider& provider, const std::string& model)
    : call_(call), provider_(provider), model_(model), use_(plugin::scripts_of(provider, model)) {}

net::Task<Result<void>> Scripted::edit(std::string& body, ClientStream* client) {
    const plugin::TransformQuestion question{request_view(call_), provider_, model_, use_, body};
    CO_TRY(host_, plugin::ask_transformers(call_.scripts, *call_.config, question));
    call_.exchange.when_gone([host = host_.get()] { host->abort(); });
    auto edited = co_await edited_by_host(body, client);
    call_.exchange.when_gone({});  // the host's call may end before the client's
    if (!edited || !made_.answers) host_.reset();
    co_return edited;
}

net::Task<Result<void>> Scripted::edited_by_host(std::string& body, ClientStream* client) {
    plugin::HostCall::Waited came;
    while (!came) {
        const net::Deadline wake = client ? client->next_heartbeat() : net::kNever;
        CO_TRY(came, co_await host_->result(call_.config->scripts.transform_time, wake));
        if (came) break;
        CO_TRY_DO(co_await client->heartbeat(net::Clock::now()));
    }
    CO_TRY(made_, plugin::transformed_by(*std::move(came)));
    edited_ = made_.body.has_value();
    if (edited_) body = *std::move(made_.body);
    if (!made_.answers) host_->finish();
    co_return Result<void>();
}

void Scripted::complete(net::ClientRequest& request) const {
    if (!made_.url.empty()) request.url = made_.url;
    for (const auto& [name, value] : made_.headers) {
        request.headers.remove(name);
        if (value && !value->empty()) request.headers.add(name, *value);
    }
}

std::string Scripted::names() const {
    std::string out;
    for (const config::TransformerUse* use : use_) out.append(out.empty() ? "" : ", ").append(use->name);
    return out;
}

std::unique_ptr<net::ClientResponse> Scripted::answer(std::unique_ptr<net::ClientResponse> from) {
    if (!host_) return from;
    return std::make_unique<plugin::ScriptedResponse>(call_.scripts.context(), std::move(from),
                                                      std::move(host_));
}

}  // namespace ccr::gateway
