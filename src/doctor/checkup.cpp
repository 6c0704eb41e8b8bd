#include "doctor/checkup.h"

#include <algorithm>
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
          const Progress& progress)
        : config_(config), targets_(targets), progress_(progress) {
        results_.checkups.resize(targets.size());
    }

    Results run() {
        const Groups all = groups();
        std::vector<std::jthread> threads;
        for (const auto& group : all)
            threads.emplace_back([this, &group] { ask(*group.first, group.second); });
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

    void ask(const config::Provider& provider, const std::vector<std::size_t>& places) {
        if (provider.by_key.size() > 1) ask_keys(provider, targets_[places.front()].model);
        const Reply* last = nullptr;  // that says something of all models
        Reply broken;
        if (provider.broken) {
            broken.kind = "config";
            broken.message = provider.broken->message;
            last = &broken;
        }
        for (const std::size_t place : places) {
            Checkup& checkup = results_.checkups[place];
            if (last != nullptr) {
                checkup.provider = provider.name;
                checkup.model = targets_[place].model;
                checkup.first = *last;
                continue;
            }
            const std::string target = to_string(targets_[place]);
            const Examination::Tell told = [&](std::string_view step) { tell(target, step); };
            checkup = Examination(config_, provider, targets_[place].model, told).run();
            const Reply& first = checkup.first;
            if (!first.answered() && (!first.connected() || first.status == 401)) last = &first;
        }
    }

    void ask_keys(const config::Provider& provider, const std::string& model) {
        for (const config::Provider& with_key : provider.by_key) {
            config::Config alone = config_;
            alone.providers = {with_key};
            alone.index_models();
            tell(provider.name + "," + model, "key " + std::to_string(with_key.key_number));
            const Reply reply = OwnGateway(alone, kPatience)
                                    .ask(plain_question(provider.name + "," + model, Streamed::no));
            if (reply.key_is_good() || !reply.reached()) continue;
            const std::lock_guard lock(mutex_);
            results_.refused_keys.push_back({provider.name, with_key.key_number, reply});
        }
    }

    const config::Config& config_;
    const std::vector<config::ModelRef>& targets_;
    const Progress& progress_;
    std::mutex mutex_;  // guards progress_ and what is counted and listed in results_
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
                 const Progress& progress) {
    return Round(config, targets, progress).run();
}

}  // namespace ccr::doctor
