// What would lead a client past ccr, or confuse it, when it is started by hand: variables, proxies
// and its own settings files. (`ccr code` overrules all but what an administrator has set.) Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/loader.h"
#include "doctor/finding.h"

namespace ccr::doctor {

/// One settings file of Claude Code's.
struct ClientSettings {
    std::string file;
    bool is_managed = false;  // an administrator's: beats even --settings
    bool is_broken = false;   // no JSON
    std::vector<std::pair<std::string, std::string>> variables;  // its `env`
    bool has_key_helper = false;                                 // its `apiKeyHelper`
};

struct EnvironmentFacts {
    config::Environment environment;
    std::string host;        // where ccr listens, or would
    std::uint16_t port = 0;  // 0 = any
    std::string key;         // that it asks clients for; "" = none
    std::vector<ClientSettings> settings;
    std::string client;  // the program that `ccr code` runs
    bool client_is_there = true;
};

/// Whether ANTHROPIC_BASE_URL is ccr's address, as the strongest settings file that names one has
/// it, else the environment.
bool leads_to_ccr(const EnvironmentFacts& facts);
Findings examine_environment(const EnvironmentFacts& facts);

}  // namespace ccr::doctor
