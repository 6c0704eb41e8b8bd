#include "gateway/application_log.h"

#include <chrono>

#include "base/log.h"
#include "json/writer.h"

namespace ccr::gateway {
namespace {

using json::Writer;

void list(Writer& w, std::string_view key, const std::vector<std::string>& items) {
    if (items.empty()) return;
    w.key(key).open_array();
    for (const std::string& item : items) w.string(item);
    w.close_array();
}

void considered(Writer& w, const std::vector<event::Considered>& rules) {
    if (rules.empty()) return;
    w.key("considered").open_array();
    for (const event::Considered& rule : rules)
        w.open_object()
            .member("rule", std::string_view(rule.rule))
            .key("applied")
            .boolean(rule.applied)
            .member("why", std::string_view(rule.why))
            .close_object();
    w.close_array();
}

void named(Writer& w, std::string_view key, const std::string& value) {
    if (!value.empty()) w.member(key, std::string_view(value));
}

void count(Writer& w, std::string_view key, const std::optional<std::int64_t>& value) {
    if (value) w.member(key, *value);
}

void members(Writer& w, const event::Routed& e) {
    w.member("event", "routed");
    named(w, "request", e.request);
    named(w, "session", e.session);
    named(w, "client", e.client);
    named(w, "asked", e.asked_model);
    named(w, "scenario", e.scenario);
    named(w, "rule", e.rule);
    list(w, "because", e.because);
    considered(w, e.considered);
    list(w, "targets", e.targets);
    named(w, "refused", e.refused);
    w.member("estimatedTokens", e.estimated_tokens);
    named(w, "counted", e.counted);
    w.member("bytes", e.bytes);
}

void members(Writer& w, const event::Attempted& e) {
    w.member("event", "attempted");
    named(w, "request", e.request);
    named(w, "target", e.target);
    named(w, "lane", e.lane);
    list(w, "losses", e.losses);
}

void members(Writer& w, const event::Hedged& e) {
    w.member("event", "hedged");
    named(w, "request", e.request);
    named(w, "first", e.first);
    named(w, "second", e.second);
    w.member("afterMs", static_cast<std::int64_t>(e.after.count()));
    named(w, "won", e.won);
    named(w, "cancelled", e.cancelled);
    w.member("tokensInVain", e.tokens_in_vain);
}

void members(Writer& w, const event::Began& e) {
    w.member("event", "began");
    named(w, "request", e.request);
}

void members(Writer& w, const event::Written& e) {
    w.member("event", "written");
    named(w, "request", e.request);
    w.member("tokens", e.tokens);
}

void members(Writer& w, const event::Settled& e) {
    w.member("event", "settled");
    named(w, "request", e.request);
    named(w, "target", e.target);
    named(w, "outcome", e.outcome);
    w.member("status", static_cast<std::int64_t>(e.status));
    named(w, "errorKind", e.error_kind);
    named(w, "error", e.error);
    if (e.to_first_content.count() > 0)
        w.key("firstContentMs").number(static_cast<double>(e.to_first_content.count()) / 1000);
    w.key("totalMs").number(static_cast<double>(e.total.count()) / 1000);
    count(w, "inputTokens", e.input);
    count(w, "outputTokens", e.output);
    count(w, "cacheReadTokens", e.cache_read);
    count(w, "cacheWriteTokens", e.cache_write);
}

}  // namespace

std::string application_line(const event::Event& event, std::int64_t time) {
    std::string line;
    Writer w(line);
    w.open_object().member("time", time);
    std::visit([&w](const auto& e) { members(w, e); }, event);
    w.close_object();
    return line;
}

void write_application_log(const event::Event& event) {
    using namespace std::chrono;
    // "settled" tells when the first content came, and how much there was.
    if (std::holds_alternative<event::Began>(event)) return;
    if (std::holds_alternative<event::Written>(event)) return;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    log::application(application_line(event, now));
}

}  // namespace ccr::gateway
