#include "gateway/trace.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "base/log.h"

namespace ccr::gateway {
namespace {

std::chrono::microseconds since(net::Clock::time_point began) {
    return std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - began);
}

}  // namespace

std::string loggable(const Error& error) {
    if (error.upstream_body.empty()) return error.message;
    return fmt::format("the provider answered {}; its words went to the client", error.status);
}

Trace::Trace(const event::Bus& bus, Afterwork* afterwork, std::string request_id)
    : bus_(bus), afterwork_(afterwork) {
    settled_.request = std::move(request_id);
    settled_.outcome = "ok";
}

Trace::~Trace() {
    settled_.total = since(began_);
    try {
        tell(std::move(settled_));
    } catch (const std::exception& failure) {
        log::error("the end of a request was not told", {{"err", failure.what()}});
    }
}

void Trace::tell(event::Event event) {
    if (!afterwork_) return bus_.publish(event);
    afterwork_->leave([&bus = bus_, event = std::move(event)] { bus.publish(event); });
}

void Trace::routed(const route::Facts& facts, const route::Decision& decision, std::size_t bytes) {
    event::Routed routed;
    routed.request = settled_.request;
    routed.session = facts.session;
    routed.agent = facts.headers ? facts.headers->get("x-claude-code-agent-id").value_or("") : "";
    routed.project = facts.project;
    routed.client = name_of(facts.client);
    routed.asked_model = facts.asked_model;
    routed.scenario = decision.scenario;
    routed.rule = decision.rule;
    routed.because = decision.because;
    routed.estimated_tokens = facts.input_tokens;
    routed.counted = facts.counted;
    routed.bytes = static_cast<std::int64_t>(bytes);
    if (decision.refusal) routed.refused = decision.refusal->message;
    for (const route::Considered& rule : decision.considered)
        routed.considered.push_back({rule.rule, rule.applied, rule.why});
    for (const route::Attempt& attempt : decision.attempts) {
        routed.targets.push_back(fmt::format("{},{}", attempt.provider->name, attempt.model));
    }
    tell(std::move(routed));
}

void Trace::attempted(const std::string& target, std::string_view lane,
                      const chat::Losses& losses) {
    settled_.target = target;
    event::Attempted attempted{settled_.request, target, std::string(lane), {}};
    for (const chat::Loss& loss : losses)
        attempted.losses.push_back(fmt::format("{}: {} ({})", loss.where, loss.what, loss.why));
    tell(std::move(attempted));
}

void Trace::hedged(event::Hedged hedged) {
    hedged.request = settled_.request;
    settled_.target = hedged.won.empty() ? hedged.first : hedged.won;
    tell(std::move(hedged));
}

bool Trace::note_content() {
    if (settled_.to_first_content.count() != 0) return false;
    settled_.to_first_content = since(began_);
    return true;
}

void Trace::first_content() {
    if (!note_content()) return;
    settled_.streamed = true;
    tell(event::Began{settled_.request});
}

void Trace::whole_content() {
    note_content();
}

void Trace::written(std::int64_t tokens, net::Clock::time_point at, bool ended) {
    const auto last = std::chrono::duration_cast<std::chrono::microseconds>(at - began_);
    tell(event::Written{settled_.request, tokens, settled_.to_first_content, last, ended});
}

void Trace::usage(const chat::Usage& usage) {
    settled_.input = usage.input;
    settled_.output = usage.output;
    settled_.cache_read = usage.cache_read;
    settled_.cache_write = usage.cache_write;
}

void Trace::failed(const Error& error) {
    settled_.outcome = error.kind == ErrorKind::client_gone ? "client_gone" : "error";
    settled_.error_kind = traits_of(error.kind).name;
    settled_.error = loggable(error);
    if (settled_.status == 0 || settled_.status == 200) settled_.status = error.status;
}

}  // namespace ccr::gateway
