// Checkup: what one model can do, by asking it.
//
// check_up() is blocking and uses a thread for each provider; the rest is plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "doctor/own_gateway.h"

namespace ccr::doctor {

/// Whether one thing works. Absent: not asked, or the answer did not tell, as `why` says.
struct Aspect {
    std::optional<bool> works;
    std::string why;
    bool is_by_config = false;  // not asked: the configuration or a preset says so
};

/// Of one model.
struct Checkup {
    std::string provider, model;
    bool is_asked = false;  // false: what is in `first` was said to another of its provider's
    Reply first;            // to the plain question
    std::string trouble;    // that came between, so that something was not told; "" = none
    Aspect streaming, usage, tools, parallel_tools, images, thinking, output;
    std::optional<std::int64_t> takes_output;    // the largest max_tokens that was taken
    std::optional<std::int64_t> max_output;      // the bound that the provider's refusal named
    std::optional<std::int64_t> refused_output;  // the least that was refused without one
};

/// Of one of several keys of a provider, that it is refused.
struct RefusedKey {
    std::string provider;
    std::size_t number = 0;  // counted from 1
    Reply reply;
};

struct Results {
    std::vector<Checkup> checkups;  // in the order of the targets
    std::vector<RefusedKey> refused_keys;
    std::size_t requests = 0;  // that were sent
};

/// Called before each request, from several threads but never at once: "provider,model" and what is
/// asked.
using Progress = std::function<void(const std::string& target, std::string_view step)>;
/// Called when a model has been asked all, as Progress is.
using Ended = std::function<void(const Checkup& checkup)>;

/// How many requests check_up() will send, if all goes well.
std::size_t requests_for(const config::Config& config,
                         const std::vector<config::ModelRef>& targets);

/// `config` with its keys fetched, without what cards say. Providers that are broken, to which
/// there is no connection, that do not answer in time, or that refuse the key, are not asked again.
Results check_up(const config::Config& config, const std::vector<config::ModelRef>& targets,
                 const Progress& progress, const Ended& ended = {});

}  // namespace ccr::doctor
