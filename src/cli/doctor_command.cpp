// `ccr doctor`: what is wrong with the configuration, the client's environment and the service, and
// what models can do, by asking them.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/redact.h"
#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/doctor_facts.h"
#include "cli/doctor_report.h"
#include "cli/doctor_service.h"
#include "cli/exit_codes.h"
#include "cli/refresh.h"
#include "cli/terminal.h"
#include "config/fetch_keys.h"
#include "config/nearest.h"
#include "doctor/reached.h"
#include "doctor/verdict.h"
#include "route/names.h"
#include "store/windows.h"

namespace ccr::cli {
namespace {

using config::ModelRef;

constexpr std::size_t kManyModels = 20;  // more are asked only when that is agreed to

void add(std::vector<ModelRef>& out, ModelRef target) {
    if (std::ranges::find(out, target) == out.end()) out.push_back(std::move(target));
}

std::vector<ModelRef> models_of(const config::Provider& provider) {
    std::vector<ModelRef> out;
    for (const std::string& model : provider.models) out.push_back({provider.name, model, {}});
    return out;
}

// What the words name: a provider with all its models, or one model.
Result<std::vector<ModelRef>> named(const std::vector<std::string>& words,
                                    const config::Config& config) {
    std::vector<ModelRef> out;
    for (const std::string& word : words) {
        const auto ref = config::parse_model_ref(word);
        const ModelRef asked = ref.value_or(ModelRef{word, "", {}});
        const config::Provider* const provider = config.find_provider(asked.provider);
        if (provider == nullptr)
            return std::unexpected(route::unknown_provider(asked, true, config));
        if (ref)
            add(out, route::canonical(asked, config));
        else
            std::ranges::for_each(models_of(*provider), [&](ModelRef& one) { add(out, one); });
    }
    return out;
}

Result<std::vector<ModelRef>> targets_of(const Options& options, const config::Config& config) {
    // Also where nobody is asked: a misspelt name is told.
    TRY(auto meant, named(options.words, config));
    if (options.offline || config.demo) return std::vector<ModelRef>();
    if (!options.words.empty()) return meant;
    std::vector<ModelRef> out;
    if (options.all) {
        for (const config::Provider& provider : config.providers)
            std::ranges::for_each(models_of(provider), [&](ModelRef& one) { add(out, one); });
    } else {
        out = doctor::routed_models(config.routing);
    }
    std::erase_if(out, [&](const ModelRef& target) {
        return config.find_provider(target.provider) == nullptr;
    });
    return out;
}

// One line of a terminal that tells where it is.
class ProgressLine {
  public:
    ProgressLine(bool is_shown, std::size_t requests) : is_shown_(is_shown), requests_(requests) {}
    ~ProgressLine() {
        if (is_shown_ && sent_ > 0) fmt::print(stderr, "\r\x1b[K");
    }
    void operator()(const std::string& target, std::string_view step) {
        ++sent_;
        if (!is_shown_) return;
        fmt::print(stderr, "\r\x1b[K[{}/{}] {}: {}", sent_, std::max(sent_, requests_),
                   plain(target), step);
        std::fflush(stderr);
    }

  private:
    bool is_shown_;
    std::size_t requests_, sent_ = 0;
};

void append(doctor::Findings more, doctor::Findings& out) {
    std::ranges::move(more, std::back_inserter(out));
}

// Keeps each card as soon as it is known: who breaks off loses nothing.
class CardKeeper {
  public:
    CardKeeper(const Surroundings& here, const config::Config& config)
        : here_(here), config_(config) {}

    void operator()(const doctor::Checkup& checkup) {
        const auto* const provider = config_.find_provider(checkup.provider);
        if (provider == nullptr || !checkup.first.answered()) return;
        const std::array cards{doctor::card_of(checkup, *provider, epoch_ms())};
        const bool is_kept = ensure_directories(here_.paths).has_value() &&
                             store::write_cards(here_.paths.state, cards);
        has_failed_ = has_failed_ || !is_kept;
        if (is_kept) have_learned_read(here_);
    }

    void tell(doctor::Findings& findings) const {
        if (has_failed_)
            findings.push_back({doctor::Severity::warning, doctor::Area::models, "not-kept",
                                here_.paths.state,
                                "it cannot be written, so that not all of this is kept",
                                "make room there, or see to its permissions"});
    }

  private:
    const Surroundings& here_;
    const config::Config& config_;
    bool has_failed_ = false;
};

bool is_agreed(const Options& options, std::size_t models, std::size_t requests) {
    if (models <= kManyModels || options.yes || !can_ask()) return true;
    return ask_yes(fmt::format("{} requests cost tokens. Ask all {} models?", requests, models));
}

void ask_models(const Options& options, const Surroundings& here, const config::Config& config,
                const std::vector<ModelRef>& targets, DoctorReport& told) {
    const std::size_t requests = doctor::requests_for(config, targets);
    if (requests > 0 && !options.json)
        fmt::print(stderr, "Asking {} model{}: {} small requests.\n", targets.size(),
                   targets.size() == 1 ? "" : "s", requests);
    if (targets.empty() || !is_agreed(options, targets.size(), requests)) return;
    CardKeeper keeper(here, config);
    {
        ProgressLine line(!options.json && ::isatty(STDERR_FILENO) == 1, requests);
        told.results = doctor::check_up(
            config, targets,
            [&](const std::string& target, std::string_view step) { line(target, step); },
            [&](const doctor::Checkup& checkup) { keeper(checkup); });
    }
    append(doctor::findings_of(told.results, config, key_variables(here)), told.findings);
    keeper.tell(told.findings);
}

int finish(const Options& options, const Surroundings& here, const DoctorReport& report) {
    fmt::print("{}", options.json
                         ? report_json(report)
                         : report_text(report, takes_colors(STDOUT_FILENO, here.environment)));
    return count(report.findings, doctor::Severity::failure) > 0 ? kFailed : kDone;
}

int look(const Options& options, const Surroundings& here) {
    // What cards say is what is to be found out.
    auto config = config::load_config(here.config_file, here.environment);
    if (config) {
        redact::set_secrets(config->secrets);
        store::add_windows(store::read_windows(here.paths.state), *config);
        if (!options.offline) config::fetch_keys(*config);
        redact::add_secrets(config->secrets);
    }
    std::vector<ModelRef> targets;
    if (config) {
        auto meant = targets_of(options, *config);
        if (!meant) return report(meant.error());
        targets = *std::move(meant);
    }
    DoctorReport told{here.config_file, here.paths.user_home, {}, {}};
    const doctor::EnvironmentFacts environment = gather_environment(here, config);
    const ServiceFacts service = gather_service(here, config, doctor::leads_to_ccr(environment));
    doctor::ConfigFacts facts = gather_config(here, config);
    facts.usable_there = service.usable_there;
    append(examine_config(facts), told.findings);
    append(examine_environment(environment), told.findings);
    append(examine_service(service), told.findings);
    if (config) ask_models(options, here, *config, targets, told);
    return finish(options, here, told);
}

bool is_meant(const store::Card& card, const std::vector<std::string>& words) {
    const std::string target = card.provider + "," + card.model;
    return words.empty() || std::ranges::any_of(words, [&](const std::string& word) {
               return word == card.provider || word == target;
           });
}

int show_cards(const Options& options, const Surroundings& here) {
    std::vector<store::Card> cards = store::read_cards(here.paths.state);
    std::erase_if(cards, [&](const store::Card& card) { return !is_meant(card, options.words); });
    const auto config = config::load_config(here.config_file, here.environment);
    std::vector<ShownCard> shown;
    for (const store::Card& card : cards)
        shown.push_back({card, config ? store::void_because(card, *config, epoch_ms())
                                      : "the configuration cannot be read"});
    fmt::print("{}", options.json ? cards_json(shown)
                                  : cards_text(shown, epoch_ms(),
                                               takes_colors(STDOUT_FILENO, here.environment)));
    return kDone;
}

// A word that none of the cards is of.
Result<void> check_words(const std::vector<std::string>& words,
                         const std::vector<store::Card>& cards) {
    std::vector<std::string> known;
    for (const store::Card& card : cards)
        known.insert(known.end(), {card.provider, card.provider + "," + card.model});
    for (const std::string& word : words) {
        const bool is_known = std::ranges::any_of(
            cards, [&](const store::Card& card) { return is_meant(card, {word}); });
        if (!is_known)
            return fail(ErrorKind::not_found,
                        fmt::format("Nothing is kept of '{}'{} `ccr doctor --cards` shows all.",
                                    plain(word),
                                    known.empty() || config::nearest(word, known).empty()
                                        ? "."
                                        : config::did_you_mean(config::nearest(word, known))));
    }
    return {};
}

int forget_cards(const Options& options, const Surroundings& here) {
    const auto checked = check_words(options.words, store::read_cards(here.paths.state));
    if (!checked) return report(checked.error());
    std::size_t forgotten = 0;
    const std::vector<std::string> all{""};
    for (const std::string& word : options.words.empty() ? all : options.words) {
        const ModelRef meant = config::parse_model_ref(word).value_or(ModelRef{word, "", {}});
        const auto gone = store::forget_cards(here.paths.state, meant.provider, meant.model);
        if (!gone)
            return report(make_error(ErrorKind::config, fmt::format("The state file {} cannot be "
                                                                    "written.",
                                                                    here.paths.state)));
        forgotten += *gone;
    }
    have_learned_read(here);
    if (options.json)
        fmt::print("{{\"forgotten\":{}}}\n", forgotten);
    else
        fmt::print("What was found of {} model{} is forgotten.\n", forgotten,
                   forgotten == 1 ? "" : "s");
    return kDone;
}

}  // namespace

int doctor_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    if (options.forget) return forget_cards(options, here);
    return options.cards ? show_cards(options, here) : look(options, here);
}

}  // namespace ccr::cli
