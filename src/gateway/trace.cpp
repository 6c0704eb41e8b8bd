#include "gateway/trace.h"

#include <fmt/format.h>

#include <exception>
#include <utility>
#include <vector>

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

/// Events that are left to the afterwork, which may outlive the trace.
struct Trace::Untold {
    const event::Bus& bus;
    std::vector<event::Event> events;

    void tell() {
        const auto all = std::exchange(events, {});
        for (const event::Event& event : all) bus.publish(event);
    }
};

Trace::Trace(const event::Bus& bus, Afterwork* afterwork, std::string request_id)
    : bus_(bus), afterwork_(afterwork), untold_(std::make_shared<Untold>(bus)) {
    settled_.request = std::move(request_id);
    settled_.outcome = "ok";
}

Trace::~Trace() {
    settled_.total = since(began_);
    try {
        tell_soon(std::move(settled_));
    } catch (const std::exception& failure) {
        log::error("the end of a request was not told", {{"err", failure.what()}});
    }
}

void Trace::tell_soon(event::Event event) {
    if (!afterwork_) return bus_.publish(event);
    untold_->events.push_back(std::move(event));
    if (untold_->events.size() > 1) return;  // the first of them is left already
    afterwork_->leave([untold = untold_] { untold->tell(); });
}

void Trace::tell_now(const event::Event& event) {
    untold_->tell();
    bus_.publish(event);
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
    tell_soon(std::move(routed));
}

void Trace::attempted(const std::string& target, std::string_view lane,
                      const chat::Losses& losses) {
    settled_.target = target;
    event::Attempted attempted{settled_.request, target, std::string(lane), {}};
    for (const chat::Loss& loss : losses)
        attempted.losses.push_back(fmt::format("{}: {} ({})", loss.where, loss.what, loss.why));
    tell_soon(std::move(attempted));
}

void Trace::hedged(event::Hedged hedged) {
    hedged.request = settled_.request;
    settled_.target = hedged.won.empty() ? hedged.first : hedged.won;
    tell_now(hedged);
}

bool Trace::note_content() {
    if (settled_.to_first_content.count() != 0) return false;
    settled_.to_first_content = since(began_);
    return true;
}

void Trace::first_content() {
    if (!note_content()) return;
    settled_.streamed = true;
    tell_now(event::Began{settled_.request});
}

void Trace::whole_content() {
    note_content();
}

void Trace::written(std::int64_t tokens, net::Clock::time_point at, bool ended) {
    const auto last = std::chrono::duration_cast<std::chrono::microseconds>(at - began_);
    tell_now(event::Written{settled_.request, tokens, settled_.to_first_content, last, ended});
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
