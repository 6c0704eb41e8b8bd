#include "cli/explained.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;
using gateway::ExplainedTarget;
using gateway::Explanation;

template <typename T>
void put(Json& out, const char* key, const std::optional<T>& value) {
    if (value) out[key] = *value;
}
void put(Json& out, const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
}

Json to_json(const ExplainedTarget& target, bool bodies) {
    Json out{{"target", target.target}};
    put(out, "problem", target.problem);
    if (!target.problem.empty()) return out;
    out["speaks"] = target.speaks;
    out["lane"] = target.lane;
    out["url"] = target.url;
    out["tokens"] = target.tokens;
    out["countedBy"] = target.counted_by;
    put(out, "contextWindow", target.context_window);
    put(out, "maxTokens", target.max_tokens);
    put(out, "inputCost", target.input_cost);
    put(out, "mostOutputCost", target.most_output_cost);
    out["warnings"] = target.warnings;
    out["edits"] = target.edits;
    Json losses = Json::array();
    for (const chat::Loss& loss : target.losses)
        losses.push_back(fmt::format("{}: {} ({})", loss.where, loss.what, loss.why));
    out["losses"] = std::move(losses);
    if (bodies) out["body"] = Json::parse(target.body, nullptr, false);
    return out;
}

std::string word(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& list(const Json& json, const char* key) {
    static const Json kNone = Json::array();
    const auto found = json.find(key);
    return found != json.end() && found->is_array() ? *found : kNone;
}

void line(std::string& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("{:<10} {}\n", name, value);
}

void append_rules(std::string& out, const Json& explained) {
    if (list(explained, "considered").empty()) return;
    out += "\nrules, in the order in which they were asked\n";
    for (const Json& rule : list(explained, "considered"))
        out += fmt::format("  {} {:<16} {}\n", rule.value("applied", false) ? "+" : "-",
                           word(rule, "rule"), word(rule, "why"));
}

std::string money(const Json& target) {
    if (!target.contains("inputCost")) return "not known";
    std::string out = fmt::format("${:.4f} for the input", target["inputCost"].get<double>());
    if (target.contains("mostOutputCost"))
        out +=
            fmt::format(", ${:.4f} at most for the answer", target["mostOutputCost"].get<double>());
    return out;
}

void append_list(std::string& out, std::string_view what, const Json& entries) {
    for (const Json& entry : entries)
        out += fmt::format("     {:<8} {}\n", what, entry.get<std::string>());
}

std::string number(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number() ? found->dump() : std::string();
}

void append_target(std::string& out, const Json& target, std::size_t place) {
    out += fmt::format("\n  {}. {}", place, word(target, "target"));
    if (!word(target, "problem").empty()) {
        out += fmt::format("\n     cannot be used: {}\n", word(target, "problem"));
        return;
    }
    out += fmt::format("   {} {}\n", word(target, "speaks"), word(target, "lane"));
    if (!word(target, "url").empty())
        out += fmt::format("     {:<8} {}\n", "to", word(target, "url"));
    if (target.contains("tokens"))
        out += fmt::format("     {:<8} {} ({})\n", "tokens", number(target, "tokens"),
                           word(target, "countedBy"));
    if (target.contains("maxTokens"))
        out +=
            fmt::format("     {:<8} {}\n", "answer", "max_tokens " + number(target, "maxTokens"));
    if (target.contains("tokens")) out += fmt::format("     {:<8} {}\n", "cost", money(target));
    if (target.contains("outcome"))
        out += fmt::format("     {:<8} {}\n", "outcome", word(target, "outcome"));
    append_list(out, "but", list(target, "warnings"));
    append_list(out, "edit", list(target, "edits"));
    append_list(out, "loss", list(target, "losses"));
}

std::string outcome_of(const Json& settled) {
    std::string out = fmt::format("{} {}", word(settled, "outcome"), number(settled, "status"));
    if (!word(settled, "error").empty()) out += ": " + word(settled, "error");
    if (settled.contains("inputTokens"))
        out += fmt::format(
            ", {} tokens in, {} from the cache, {} out", number(settled, "inputTokens"),
            settled.contains("cacheReadTokens") ? number(settled, "cacheReadTokens") : "0",
            number(settled, "outputTokens"));
    return out;
}

void take(const Json& from, const char* key, Json& to, const char* name) {
    if (from.contains(key)) to[name] = from[key];
}

}  // namespace

Json to_json(const Explanation& e, bool bodies) {
    Json out{{"client", e.client}};
    put(out, "agent", e.agent);
    out["asked"] = e.asked_model;
    put(out, "session", e.session);
    put(out, "project", e.project);
    put(out, "routerFile", e.router_file);
    out["subagent"] = e.is_subagent;
    out["tokens"] = e.tokens;
    out["counted"] = e.counted;
    put(out, "askedMaxTokens", e.asked_max_tokens);
    if (!e.warnings.empty()) out["warnings"] = e.warnings;
    Json considered = Json::array();
    for (const route::Considered& rule : e.decision.considered)
        considered.push_back({{"rule", rule.rule}, {"applied", rule.applied}, {"why", rule.why}});
    out["considered"] = std::move(considered);
    if (e.decision.refusal) {
        out["refused"] = e.decision.refusal->message;
        out["status"] = e.decision.refusal->status;
        return out;
    }
    out["scenario"] = e.decision.scenario;
    out["rule"] = e.decision.rule;
    out["because"] = e.decision.because;
    out["targets"] = Json::array();
    for (const ExplainedTarget& target : e.targets)
        out["targets"].push_back(to_json(target, bodies));
    return out;
}

Json of_log_lines(const std::vector<Json>& lines) {
    Json out = Json::object();
    Json targets = Json::array();
    for (const Json& event : lines) {
        const std::string kind = word(event, "event");
        if (kind == "routed") {
            for (const char* key : {"request", "session", "client", "asked", "counted",
                                    "considered", "scenario", "rule", "because", "refused"})
                take(event, key, out, key);
            take(event, "estimatedTokens", out, "tokens");
        } else if (kind == "attempted") {
            Json target = Json::object();
            for (const char* key : {"target", "lane", "losses"}) take(event, key, target, key);
            targets.push_back(std::move(target));
        } else if (kind == "settled") {
            out["outcome"] = outcome_of(event);
        }
    }
    out["targets"] = std::move(targets);
    return out;
}

std::string to_text(const Json& explained) {
    std::string out;
    line(out, "request", word(explained, "request"));
    const std::string agent = word(explained, "agent");
    line(out, "client",
         agent.empty() ? word(explained, "client")
                       : fmt::format("{} ({})", agent, word(explained, "client")));
    line(out, "asked for", word(explained, "asked"));
    line(out, "session", word(explained, "session"));
    line(out, "project", word(explained, "project"));
    line(out, "Router of", word(explained, "routerFile"));
    line(out, "tokens",
         fmt::format("{} ({})", number(explained, "tokens"), word(explained, "counted")));
    for (const Json& but : list(explained, "warnings")) line(out, "but", but.get<std::string>());
    append_rules(out, explained);
    out += "\n";
    if (!word(explained, "refused").empty())
        return out + "refused: " + word(explained, "refused") + "\n";
    line(out, "scenario", word(explained, "scenario"));
    line(out, "chosen by", word(explained, "rule"));
    for (const Json& why : list(explained, "because")) line(out, "because", why.get<std::string>());
    std::size_t place = 0;
    for (const Json& target : list(explained, "targets")) append_target(out, target, ++place);
    if (!word(explained, "outcome").empty())
        out += "\n" + std::string("outcome    ") + word(explained, "outcome") + "\n";
    return out;
}

}  // namespace ccr::cli
