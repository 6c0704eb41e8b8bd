#include "gateway/sessions.h"

#include <algorithm>
#include <utility>

#include "json/utf8.h"
#include "json/writer.h"

namespace ccr::gateway {
namespace {

constexpr std::size_t kMostSessions = 256;
constexpr std::size_t kMostAgents = 64;    // of one session
constexpr std::size_t kLongestName = 256;  // clients choose them

std::string kept_name(const std::string& name) {
    return std::string(json::utf8_prefix(name, kLongestName));
}

std::int64_t epoch_ms(Sessions::Clock::time_point now) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
}

std::int64_t heard(const SessionActivity& session) {
    std::int64_t latest = 0;
    for (const AgentActivity& agent : session.agents)
        latest = std::max(latest, agent.last_heard_ms);
    return latest;
}

void add(const AgentActivity& agent, AgentActivity& sums) {
    sums.requests += agent.requests;
    sums.errors += agent.errors;
    sums.output += agent.output;
    if (agent.cost) sums.cost = sums.cost.value_or(0) + *agent.cost;
}

// Subagents come and go; what they have cost stays.
void let_go_of_one(SessionActivity& session) {
    auto oldest = session.agents.end();
    for (auto at = session.agents.begin(); at != session.agents.end(); ++at) {
        if (at->agent.empty() || at->running > 0) continue;
        if (oldest == session.agents.end() || at->last_heard_ms < oldest->last_heard_ms)
            oldest = at;
    }
    if (oldest == session.agents.end()) return;
    add(*oldest, session.past);
    session.agents.erase(oldest);
}

AgentActivity& agent_named(SessionActivity& session, const std::string& name) {
    const auto found = std::ranges::find(session.agents, name, &AgentActivity::agent);
    if (found != session.agents.end()) return *found;
    if (session.agents.size() >= kMostAgents) let_go_of_one(session);
    AgentActivity& added = session.agents.emplace_back();
    added.agent = name;
    return added;
}

double speed_of(const event::Settled& answer) {
    const auto writing = answer.total - answer.to_first_content;
    if (!answer.streamed || !answer.output || writing.count() <= 0) return 0;
    return static_cast<double>(*answer.output) / std::chrono::duration<double>(writing).count();
}

std::string_view name_of(AgentActivity::State state) {
    switch (state) {
        case AgentActivity::State::waiting:
            return "waiting";
        case AgentActivity::State::streaming:
            return "streaming";
        case AgentActivity::State::idle:
            break;
    }
    return "idle";
}

void write(json::Writer& w, const AgentActivity& agent) {
    w.open_object()
        .member("agent", std::string_view(agent.agent))
        .member("asked", std::string_view(agent.asked))
        .member("target", std::string_view(agent.target))
        .member("scenario", std::string_view(agent.scenario))
        .member("state", name_of(agent.state()))
        .member("requests", agent.requests)
        .member("errors", agent.errors)
        .member("first_content_ms", agent.first_content_ms)
        .key("tokens_per_second")
        .number(agent.tokens_per_second)
        .member("input_tokens", agent.input)
        .member("cached_tokens", agent.cached)
        .member("output_tokens", agent.output);
    if (agent.window) w.member("context_window", *agent.window);
    if (agent.cost) w.key("cost_usd").number(*agent.cost);
    w.member("last_heard_ms", agent.last_heard_ms)
        .member("last_ended_ms", agent.last_ended_ms)
        .close_object();
}

void write(json::Writer& w, const SessionActivity& session) {
    w.open_object()
        .member("session", std::string_view(session.session))
        .member("project", std::string_view(session.project))
        .key("agents")
        .open_array();
    for (const AgentActivity& agent : session.agents) write(w, agent);
    w.close_array().key("past").open_object();
    w.member("requests", session.past.requests)
        .member("errors", session.past.errors)
        .member("output_tokens", session.past.output);
    if (session.past.cost) w.key("cost_usd").number(*session.past.cost);
    w.close_object().close_object();
}

}  // namespace

AgentActivity::State AgentActivity::state() const {
    if (streaming > 0) return State::streaming;
    return running > 0 ? State::waiting : State::idle;
}

void Sessions::hear(const event::Event& event, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    const std::int64_t at = epoch_ms(now);
    if (const auto* routed = std::get_if<event::Routed>(&event)) return this->routed(*routed, at);
    if (const auto* settled = std::get_if<event::Settled>(&event))
        return this->settled(*settled, at);
    if (const auto* attempted = std::get_if<event::Attempted>(&event))
        return this->asks(attempted->request, attempted->target, at);
    if (const auto* hedged = std::get_if<event::Hedged>(&event))
        return this->asks(hedged->request, hedged->won.empty() ? hedged->first : hedged->won, at);
    if (const auto* began = std::get_if<event::Began>(&event)) {
        Running* running = running_of(began->request);
        AgentActivity* agent = running ? agent_of(*running, at) : nullptr;
        if (agent && !std::exchange(running->streaming, true)) ++agent->streaming;
    }
}

void Sessions::routed(const event::Routed& event, std::int64_t now) {
    if (event.session.empty()) return;
    const std::string id = kept_name(event.session);
    SessionActivity& session = sessions_[id];
    session.session = id;
    if (!event.project.empty()) session.project = kept_name(event.project);
    const bool is_errand = event.agent.empty() && event.scenario == "background";
    const std::string name = is_errand ? std::string(kErrands) : kept_name(event.agent);
    AgentActivity& agent = agent_named(session, name);
    agent.asked = kept_name(event.asked_model);
    agent.scenario = event.scenario;
    agent.last_heard_ms = now;
    ++agent.requests;
    ++agent.running;
    running_[event.request] = {id, name};
    forget_oldest();
}

Sessions::Running* Sessions::running_of(const std::string& request) {
    const auto running = running_.find(request);
    return running == running_.end() ? nullptr : &running->second;
}

AgentActivity* Sessions::agent_of(const Running& running, std::int64_t now) {
    const auto session = sessions_.find(running.session);
    if (session == sessions_.end()) return nullptr;
    const auto agent =
        std::ranges::find(session->second.agents, running.agent, &AgentActivity::agent);
    if (agent == session->second.agents.end()) return nullptr;
    agent->last_heard_ms = now;
    return &*agent;
}

void Sessions::asks(const std::string& request, const std::string& target, std::int64_t now) {
    const Running* running = running_of(request);
    if (AgentActivity* agent = running ? agent_of(*running, now) : nullptr)
        agent->target = kept_name(target);
}

void Sessions::settled(const event::Settled& event, std::int64_t now) {
    const auto ended = running_.extract(event.request);
    AgentActivity* agent = ended ? agent_of(ended.mapped(), now) : nullptr;
    if (!agent) return;
    --agent->running;
    if (ended.mapped().streaming) --agent->streaming;
    agent->last_ended_ms = now;
    if (event.outcome == "error") ++agent->errors;
    if (event.to_first_content.count() > 0) {
        agent->first_content_ms = event.to_first_content.count() / 1000;
        if (event.streamed) agent->tokens_per_second = speed_of(event);
    }
    agent->output += event.output.value_or(0);
    if (!event.input && !event.cache_read) return;
    agent->cached = event.cache_read.value_or(0);
    agent->input = event.input.value_or(0) + agent->cached + event.cache_write.value_or(0);
    agent->window = event.window;
    if (event.cost) agent->cost = agent->cost.value_or(0) + *event.cost;
}

void Sessions::forget_oldest() {
    if (sessions_.size() <= kMostSessions) return;
    const auto oldest = std::ranges::min_element(
        sessions_, {}, [](const auto& entry) { return heard(entry.second); });
    sessions_.erase(oldest);
}

std::vector<SessionActivity> Sessions::all() const {
    std::vector<SessionActivity> out;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, session] : sessions_) out.push_back(session);
    }
    std::ranges::sort(out, std::greater(), heard);
    return out;
}

std::optional<SessionActivity> Sessions::of(std::string_view session) const {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(std::string(session));
    if (found == sessions_.end()) return std::nullopt;
    return found->second;
}

std::string to_json(const SessionActivity& session) {
    std::string out;
    json::Writer w(out);
    write(w, session);
    return out;
}

std::string to_json(const std::vector<SessionActivity>& sessions) {
    std::string out;
    json::Writer w(out);
    w.open_array();
    for (const SessionActivity& session : sessions) write(w, session);
    w.close_array();
    return out;
}

}  // namespace ccr::gateway
