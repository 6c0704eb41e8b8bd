#include "doctor/checkup.h"

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "doctor/examination.h"

namespace ccr::doctor {
namespace {

constexpr std::size_t kQuestions = 5;  // of each model

// By the provider's place in the configuration: the targets' places among all.
using Groups = std::map<const config::Provider*, std::vector<std::size_t>>;

class Round {
  public:
    Round(const config::Config& config, const std::vector<config::ModelRef>& targets,
          const Progress& progress, const Ended& ended)
        : config_(config), targets_(targets), progress_(progress), ended_(ended) {
        results_.checkups.resize(targets.size());
    }

    Results run() {
        const Groups all = groups();
        std::vector<std::jthread> threads;
        for (const auto& group : all)
            threads.emplace_back([this, &group] { ask_safely(*group.first, group.second); });
        threads.clear();
        return std::move(results_);
    }

  private:
    Groups groups() const {
        Groups out;
        for (std::size_t i = 0; i < targets_.size(); ++i) {
            if (const auto* provider = config_.find_provider(targets_[i].provider))
                out[provider].push_back(i);
        }
        return out;
    }

    void tell(const std::string& target, std::string_view step) {
        const std::lock_guard lock(mutex_);
        ++results_.requests;
        if (progress_) progress_(target, step);
    }

    // What escapes a thread would end the process.
    void ask_safely(const config::Provider& provider, const std::vector<std::size_t>& places) {
        for (const std::size_t place : places) {
            results_.checkups[place].provider = provider.name;
            results_.checkups[place].model = targets_[place].model;
        }
        std::string what = "an unknown exception";
        try {
            return ask(provider, places);
        } catch (const std::exception& defect) {
            what = defect.what();
        } catch (...) {
        }
        for (const std::size_t place : places) {
            Checkup& checkup = results_.checkups[place];
            if (checkup.is_asked || !checkup.first.kind.empty()) continue;
            checkup.is_asked = true;
            checkup.first.kind = std::string(kDefect);
            checkup.first.message = "ccr failed while it asked: " + what;
        }
    }

    static Reply broken(const config::Provider& provider) {
        Reply out;
        out.kind = "config";
        out.message = provider.broken->message;
        return out;
    }

    void ask(const config::Provider& provider, const std::vector<std::size_t>& places) {
        std::optional<Reply> last;  // that says something of all models
        if (provider.broken)
            last = broken(provider);
        else if (provider.by_key.size() > 1)
            last = ask_keys(provider, results_.checkups[places.front()]);
        for (const std::size_t place : places) {
            Checkup& checkup = results_.checkups[place];
            if (last) {
                checkup.first = *last;
                continue;
            }
            const std::string target = to_string(targets_[place]);
            const Examination::Tell told = [&](std::string_view step) { tell(target, step); };
            checkup = Examination(config_, provider, targets_[place].model, told).run();
            end(checkup);
            const Reply& first = checkup.first;
            if (!first.answered() &&
                (!first.connected() || first.timed_out() || first.status == 401))
                last = first;
        }
    }

    void end(const Checkup& checkup) {
        const std::lock_guard lock(mutex_);
        if (ended_) ended_(checkup);
    }

    // What is true of all keys, as of the model that was asked.
    std::optional<Reply> ask_keys(const config::Provider& provider, Checkup& checkup) {
        const std::string target = checkup.provider + "," + checkup.model;
        for (const config::Provider& with_key : provider.by_key) {
            config::Config alone = config_;
            alone.providers = {with_key};
            alone.index_models();
            tell(target, "key " + std::to_string(with_key.key_number));
            OwnGateway gateway(alone, kPatience);
            gateway.bound_silence(kFirstSilence);
            const Reply reply =
                gateway.ask(plain_question(target, Streamed::yes), Wanted::beginning);
            if (reply.timed_out()) {
                checkup.is_asked = true;
                return reply;
            }
            if (reply.key_is_good() || !reply.reached()) continue;
            const std::lock_guard lock(mutex_);
            results_.refused_keys.push_back({provider.name, with_key.key_number, reply});
        }
        return std::nullopt;
    }

    const config::Config& config_;
    const std::vector<config::ModelRef>& targets_;
    const Progress& progress_;
    const Ended& ended_;
    std::mutex mutex_;  // guards progress_, ended_ and what is counted and listed in results_
    Results results_;
};

}  // namespace

std::size_t requests_for(const config::Config& config,
                         const std::vector<config::ModelRef>& targets) {
    std::size_t out = 0;
    std::map<const config::Provider*, bool> seen;
    for (const config::ModelRef& target : targets) {
        const config::Provider* const provider = config.find_provider(target.provider);
        if (provider == nullptr || provider->broken) continue;
        const bool sees_nothing = config::traits_of(*provider, target.model).vision == false;
        out += kQuestions - (sees_nothing ? 1 : 0);
        if (!std::exchange(seen[provider], true) && provider->by_key.size() > 1)
            out += provider->by_key.size();
    }
    return out;
}

Results check_up(const config::Config& config, const std::vector<config::ModelRef>& targets,
                 const Progress& progress, const Ended& ended) {
    return Round(config, targets, progress, ended).run();
}

}  // namespace ccr::doctor
