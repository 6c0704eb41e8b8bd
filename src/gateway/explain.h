// Explain: what the router would do with a request, and why, without sending anything.
//
// Plain values; any thread. Of what a running service remembers, a conversation's home may be asked
// for; lessons and signatures are not known here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chat/loss.h"
#include "config/config.h"
#include "config/project_routing.h"
#include "net/http_server.h"
#include "route/route.h"

namespace ccr::gateway {

/// One target as it would be tried.
struct ExplainedTarget {
    std::string target;   // "provider,model"
    std::string problem;  // why it cannot be used at all; "" = it can
    std::string speaks;   // its protocol
    std::string lane;     // "verbatim", "translated", "scripted"
    std::string url;
    std::int64_t tokens = 0;  // of the input, as this model counts
    std::string counted_by;
    std::optional<std::int64_t> context_window, max_tokens;
    std::vector<std::string> warnings;  // what it would refuse or not see
    std::vector<std::string> edits;     // "max_tokens: 128000 becomes 8192"
    chat::Losses losses;
    std::optional<double> input_cost, most_output_cost;  // US dollars
    std::string body;                                    // that would be sent
};

struct Explanation {
    std::string client, agent, asked_model, session, project, router_file;
    bool is_subagent = false;
    std::vector<std::string> warnings;  // of files that could not be used
    std::int64_t tokens = 0;
    std::string counted;
    std::optional<std::int64_t> asked_max_tokens;
    route::Decision decision;  // its attempts point into `config`
    std::vector<ExplainedTarget> targets;
    config::ConfigPtr config;
};

/// Fills in what is remembered of a conversation (Homes::recall); empty where nothing is.
using Recall =
    std::function<void(const std::string& key, config::Stickiness stickiness, route::Facts& facts)>;

/// Error: what the gateway would refuse before it routes.
Result<Explanation> explain(const net::RequestHead& head, std::string body,
                            config::ConfigPtr config, config::ProjectRoutings* projects,
                            const Recall& recall = {});

}  // namespace ccr::gateway
