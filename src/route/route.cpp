#include "route/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "route/agent_names.h"
#include "route/conditions.h"
#include "route/names.h"
#include "route/scenarios.h"
#include "route/stay.h"

namespace ccr::route {
namespace {

using config::Config;
using config::ModelRef;

struct Choice {
    ModelRef target;
    std::string rule;
    std::string why;
    std::string scenario = "default";
    std::vector<ModelRef> fallbacks{};  // of its own; empty = the scenario's
    bool is_clients = false;            // the client named it, so a mistake is the client's
};
using Chosen = std::optional<Choice>;

// Claude Code says "Failed to authenticate" before the words of a 403; those of a 422 it shows as
// they are.
Error denial(const std::string& message) {
    Error error = make_error(ErrorKind::invalid_request, message);
    error.status = 422;
    return error;
}

/// The rules, asked one after the other; each leaves what it said in `out.considered`.
class Asking {
  public:
    Asking(const Facts& facts, const Config& config, Telling telling)
        : facts_(facts), config_(config), telling_(telling) {
        // Most requests consider about this many.
        out.considered.reserve(16 + std::min(config.routing.rules.size(), kToldRules));
    }

    Chosen explicitly();
    /// The user's rules: edits of all that apply, a refusal, or the first target.
    Chosen by_rules(bool is_chosen);
    Chosen by_scenario();
    Chosen usually();
    void finish(Choice choice);

    Decision out;

  private:
    std::nullopt_t passed(std::string_view rule, std::string why) {
        out.considered.push_back({std::string(rule), false, std::move(why)});
        return std::nullopt;
    }
    Chosen applied(std::string_view rule, ModelRef target, std::string why) {
        out.considered.push_back({std::string(rule), true, why});
        return Choice{std::move(target), std::string(rule), std::move(why)};
    }
    Chosen clients(Chosen choice) {
        choice->is_clients = true;
        return choice;
    }
    std::nullopt_t refuse(std::string_view rule, Error error) {
        out.considered.push_back({std::string(rule), true, "refused: " + error.message});
        out.refusal = std::move(error);
        return std::nullopt;
    }

    Chosen by_header();
    Chosen by_script();
    Chosen by_tag();
    Chosen by_name();
    void passed(const config::Rule& rule, Condition unmet);
    Chosen obeyed(const config::Rule& rule, bool is_chosen);
    void count_the_untold();
    Chosen settled(Choice choice, Pull pull);
    void add_fallbacks(const Choice& choice);

    const Facts& facts_;
    const Config& config_;
    const Telling telling_;
    std::size_t passed_rules_ = 0;  // of the user's
};

Chosen Asking::by_header() {
    constexpr std::string_view kRule = "x-ccr-model";
    if (facts_.header_choice.empty()) return passed(kRule, "no such header");
    auto target = resolve(facts_.header_choice, config_);
    if (!target) return refuse(kRule, unknown_model(facts_.header_choice, config_));
    return clients(applied(kRule, *std::move(target),
                           fmt::format("the header asks for {}", facts_.header_choice)));
}

Chosen Asking::by_script() {
    constexpr std::string_view kRule = "custom router";
    if (!facts_.scripted) return passed(kRule, "there is none");
    const Scripted& said = *facts_.scripted;
    if (said.choice.empty() && !said.failed)
        return passed(kRule, fmt::format("it chose nothing ({})", said.note));
    std::string problem = fmt::format("it failed: {}", said.note);
    if (!said.failed) {
        auto target = resolve(said.choice, config_);
        if (target && config_.find_provider(target->provider))
            return applied(kRule, *std::move(target),
                           fmt::format("the custom router chose it ({})", said.note));
        problem = fmt::format("it said \"{}\", which is no configured model ({})", said.choice,
                              said.note);
    }
    passed(kRule, problem);
    out.because.push_back("custom router: " + std::move(problem));
    return std::nullopt;
}

// A tag that cannot be followed is told of, and costs the subagent nothing more.
Chosen Asking::by_tag() {
    constexpr std::string_view kRule = "subagent tag";
    if (!facts_.tag) return passed(kRule, "there is none");
    std::string problem = facts_.tag->problem;
    if (problem.empty()) {
        auto target = resolve(facts_.tag->model, config_);
        if (target && config_.find_provider(target->provider))
            return applied(kRule, *std::move(target),
                           fmt::format("the subagent's prompt asks for {}", facts_.tag->model));
        problem = fmt::format("<CCR-SUBAGENT-MODEL> names \"{}\", which is no configured model",
                              facts_.tag->model);
    }
    passed(kRule, problem);
    out.because.push_back(std::move(problem));
    return std::nullopt;
}

// Claude Code's own names say which slot is asked for, not which provider: those the Router
// decides.
Chosen Asking::by_name() {
    const std::string& asked = facts_.asked_model;
    if (const auto ref = config::parse_model_ref(asked))
        return clients(applied("explicit model", canonical(*ref, config_),
                               fmt::format("the request names {} itself", asked)));
    passed("explicit model", "the request names no provider");
    if (const config::ModelName* entry = named(asked, config_))
        return applied("alias", entry->target,
                       fmt::format("Router.models has {} for {}", entry->name, asked));
    passed("alias", "Router.models has no such name");
    if (is_claude_name(asked))
        return passed("listed model", "a Claude name says which slot is meant");
    auto ref = listed(asked, config_);
    if (!ref) return passed("listed model", "no provider lists it");
    std::string why = fmt::format("{} lists the model {}", ref->provider, ref->model);
    return applied("listed model", *std::move(ref), std::move(why));
}

Chosen Asking::explicitly() {
    for (const auto rule :
         {&Asking::by_header, &Asking::by_script, &Asking::by_tag, &Asking::by_name}) {
        Chosen choice = (this->*rule)();
        if (choice || out.refusal) return choice;
    }
    return std::nullopt;
}

void Asking::passed(const config::Rule& rule, Condition unmet) {
    if (++passed_rules_ > kToldRules && telling_ == Telling::briefly) return;
    passed(rule.name, why_unmet(unmet, rule.when, facts_));
}

void Asking::count_the_untold() {
    if (passed_rules_ <= kToldRules || telling_ == Telling::fully) return;
    const std::size_t untold = passed_rules_ - kToldRules;
    passed("rules", fmt::format("{} more {} not apply; ccr explain tells why", untold,
                                untold == 1 ? "does" : "do"));
}

// What forbids or edits holds for explicit choices too; a target gives way to them.
Chosen Asking::obeyed(const config::Rule& rule, bool is_chosen) {
    std::string why = met(rule.when, facts_);
    if (!rule.deny.empty()) {
        count_the_untold();
        return refuse(rule.name, denial(rule.deny));
    }
    out.edits.insert(out.edits.end(), rule.patch.begin(), rule.patch.end());
    if (rule.use && !is_chosen) {
        count_the_untold();
        Chosen choice = applied(rule.name, canonical(*rule.use, config_), std::move(why));
        choice->fallbacks = rule.fallback;
        return choice;
    }
    if (rule.use && rule.patch.empty())
        return passed(rule.name, why + ": holds, but the target was chosen explicitly");
    out.considered.push_back({rule.name, true, why + ": the request is edited"});
    out.because.push_back(fmt::format("{} edits the request: {}", rule.name, why));
    return std::nullopt;
}

Chosen Asking::by_rules(bool is_chosen) {
    Inquiry inquiry(facts_, config_.routing);
    for (const config::Rule& rule : config_.routing.rules) {
        if (const auto unmet = inquiry.first_unmet(rule.when)) {
            passed(rule, *unmet);
            continue;
        }
        Chosen choice = obeyed(rule, is_chosen);
        if (choice || out.refusal) return choice;
    }
    count_the_untold();
    return std::nullopt;
}

// The conversation's prompt cache may weigh more than what the Router would choose.
Chosen Asking::settled(Choice choice, Pull pull) {
    Stay home = stay(facts_, choice.target, pull, config_);
    if (home.why.empty()) return choice;
    if (!home.stays) {
        passed("stickiness", home.why);
        out.because.push_back(std::move(home.why));
        return choice;
    }
    Chosen stayed = applied("stickiness", facts_.home->target, std::move(home.why));
    stayed->scenario = choice.scenario;
    // What the Router would have chosen takes over where home fails.
    stayed->fallbacks = {choice.target};
    return stayed;
}

Chosen Asking::by_scenario() {
    for (const Scenario& scenario : scenarios()) {
        const auto& target = config_.routing.*scenario.target;
        if (!target) {
            passed(scenario.name, fmt::format("{} is not set", scenario.key));
            continue;
        }
        std::string why_not;
        std::string why = scenario.is(facts_, config_.routing, why_not);
        if (why.empty()) {
            passed(scenario.name, std::move(why_not));
            continue;
        }
        Chosen choice = applied(scenario.name, *target, std::move(why));
        choice->scenario = scenario.name;
        if (scenario.holds_its_own) return choice;
        return settled(*std::move(choice), Pull::scenario);
    }
    return std::nullopt;
}

// A name that is nobody's model and no agent's own is a mistake to be told, not to be guessed
// around.
Chosen Asking::usually() {
    const std::string& asked = facts_.asked_model;
    if (const config::ModelName* slot = slot_of(asked, config_)) {
        out.usual = slot->target;
        return settled(
            *applied("slot", slot->target,
                     fmt::format("Router.models has the slot {} for {}", slot->name, asked)),
            Pull::usual);
    }
    passed("slot", "Router.models has no slot for it");
    if (!is_agent_name(asked) && !config_.demo)
        return refuse("default", unknown_model(asked, config_));
    const auto& target = config_.routing.fallback_default;
    if (!target)
        return refuse("default", make_error(ErrorKind::config,
                                            "Router.default is not set and no provider lists a "
                                            "model: set Router.default to \"provider,model\"."));
    out.usual = *target;
    return settled(
        *applied("default", *target,
                 fmt::format("no provider lists {} and no rule applies, so Router.default", asked)),
        Pull::usual);
}

void Asking::add_fallbacks(const Choice& choice) {
    std::vector<ModelRef> list = choice.fallbacks;
    const bool is_own = !list.empty() && choice.rule != "stickiness";
    for (const auto& [scenario, refs] : config_.routing.fallback) {
        if (!is_own && scenario == choice.scenario)
            list.insert(list.end(), refs.begin(), refs.end());
    }
    for (const ModelRef& ref : list) {
        // A home that has failed is not asked again under its other title, a fallback.
        if (choice.rule == "stickiness" && ref == choice.target) continue;
        const config::Provider* provider = config_.find_provider(ref.provider);
        if (provider)
            out.attempts.push_back({provider, ref.model});
        else
            out.because.push_back(
                fmt::format("fallback {} is left out: no provider of that name", to_string(ref)));
    }
}

void Asking::finish(Choice choice) {
    const config::Provider* provider = config_.find_provider(choice.target.provider);
    if (!provider) {
        refuse(choice.rule, unknown_provider(choice.target, choice.is_clients, config_));
        return;
    }
    out.scenario = choice.scenario;
    out.rule = choice.rule;
    out.because.insert(out.because.begin(),
                       fmt::format("{}: {}", to_string(choice.target), choice.why));
    if (!facts_.router_file.empty())
        out.because.push_back(fmt::format("the Router is that of {}", facts_.router_file));
    out.attempts.push_back({provider, choice.target.model});
    add_fallbacks(choice);
}

}  // namespace

Decision decide(const Facts& facts, const Config& config, Telling telling) {
    Asking asking(facts, config, telling);
    Chosen choice = asking.explicitly();
    if (!asking.out.refusal) {
        Chosen ruled = asking.by_rules(choice.has_value());
        if (!choice) choice = std::move(ruled);
    }
    if (!choice && !asking.out.refusal) choice = asking.by_scenario();
    if (!choice && !asking.out.refusal) choice = asking.usually();
    if (choice && !asking.out.refusal) asking.finish(*std::move(choice));
    return std::move(asking.out);
}

Result<Decision> route(const Facts& facts, const Config& config) {
    Decision decision = decide(facts, config, Telling::briefly);
    if (decision.refusal) return std::unexpected(*std::move(decision.refusal));
    return decision;
}

}  // namespace ccr::route
