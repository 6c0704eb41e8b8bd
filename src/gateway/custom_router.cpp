#include "gateway/custom_router.h"

#include <fmt/format.h>

#include "plugin/custom_router.h"

namespace ccr::gateway {
namespace {

// A router is written for Messages: other clients' requests are shown to it in that shape.
std::string as_messages(const Call& call) {
    const wire::Target target{"", call.facts.asked_model, "", "", call.conversation.stream};
    return wire::codec_of(Protocol::anthropic)->encode_request(call.conversation, target).body;
}

// A client that leaves ends the question.
net::Task<Result<plugin::RouterAnswer>> ask(Call& call, const plugin::RouterQuestion& question) {
    CO_TRY(const auto asked, plugin::ask_router(call.scripts, *call.config, question));
    call.exchange.when_gone([host = asked.get()] { host->abort(); });
    auto answer = co_await plugin::router_answer(*asked, call.config->scripts.router_time);
    call.exchange.when_gone({});  // the question ends before the client's call
    co_return answer;
}

}  // namespace

net::Task<void> consult_router(Call& call) {
    // The header is asked before, and needs no second opinion.
    if (call.config->scripts.custom_router.empty() || !call.facts.header_choice.empty()) co_return;
    std::string translated;
    if (call.client.protocol != Protocol::anthropic) translated = as_messages(call);
    const plugin::RouterQuestion question{request_view(call),
                                          translated.empty() ? call.body : translated};
    const auto began = net::Clock::now();
    auto said = co_await ask(call, question);
    const std::chrono::duration<double, std::milli> took = net::Clock::now() - began;
    route::Scripted& out = call.facts.scripted.emplace();
    out.note = fmt::format("{:.1f} ms", took.count());
    if (!said) {
        out.failed = true;
        out.note += ": " + said.error().message;
        co_return;
    }
    out.choice = std::move(said->choice);
    for (const std::string& reason : said->reasons) out.note += ": " + reason;
}

}  // namespace ccr::gateway
