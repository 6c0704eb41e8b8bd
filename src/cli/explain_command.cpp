// `ccr explain`: where a request would go and why, of a body, of a recorded request, or of a past
// request by its id, which the application log answers.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/percent.h"
#include "base/text_case.h"
#include "cli/commands.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/explained.h"
#include "cli/input.h"
#include "cli/log_lines.h"
#include "cli/request_shape.h"
#include "cli/surroundings.h"
#include "gateway/told_home.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Asked {
    net::RequestHead head;
    std::string body;
};

std::string path_of(Protocol protocol, json::View body) {
    switch (protocol) {
        case Protocol::openai_chat:
            return "/v1/chat/completions";
        case Protocol::openai_responses:
            return "/v1/responses";
        case Protocol::gemini:
            return fmt::format("/v1beta/models/{}:generateContent",
                               body["model"] ? body["model"].text().decode() : "gemini-unnamed");
        case Protocol::anthropic:
            break;
    }
    return "/v1/messages";
}

void set_target(net::RequestHead& head, const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t slash = scheme == std::string::npos ? 0 : url.find('/', scheme + 3);
    head.target = slash == std::string::npos ? "/" : url.substr(slash);
    const std::size_t question = head.target.find('?');
    head.path = head.target.substr(0, question);
    head.query = question == std::string::npos ? "" : head.target.substr(question + 1);
}

// {method, url, headers, body}, as test beds and proxies record it; or the body alone.
Result<Asked> asked_of(const std::string& input) {
    json::Document document;
    const auto root = document.parse(input);
    if (!root || !root->is_object())
        return fail(ErrorKind::invalid_request,
                    fmt::format("The request is no JSON object{}.",
                                root ? "" : ": " + root.error().message));
    Asked out;
    out.head.method = "POST";
    const json::View body = (*root)["body"];
    if (!body.is_object() || !(*root)["url"].is_string()) {
        set_target(out.head, path_of(protocol_of_body(*root), *root));
        out.body = input;
        return out;
    }
    set_target(out.head, (*root)["url"].text().decode());
    for (const auto& [key, value] : (*root)["headers"].members())
        out.head.headers.add(key.text().decode(), value.text().decode());
    out.body = body.raw();
    return out;
}

Result<void> add_headers(const std::vector<std::string>& lines, net::RequestHead& head) {
    for (const std::string& line : lines) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos || colon == 0)
            return fail(ErrorKind::invalid_request,
                        fmt::format("A header is written \"name: value\", not \"{}\".", line));
        const std::size_t value = line.find_first_not_of(' ', colon + 1);
        head.headers.set(lower_case(line.substr(0, colon)),
                         value == std::string::npos ? "" : line.substr(value));
    }
    return {};
}

// The one on the port that was named; else the usual one, or any that runs with this file.
std::string socket_of(const Surroundings& here, const Result<config::Config>& config) {
    const std::vector<Instance> instances = running_instances(here.paths);
    const Wanted what = wanted(here, config);
    if (const Instance* const found = find_wanted(instances, what)) return found->socket;
    for (const Instance& instance : instances) {
        if (!what.port_is_explicit && instance.status.config_file == what.config_file)
            return instance.socket;
    }
    return "";
}

// Of a running service; one that does not answer has nothing to tell.
gateway::Recall recall_of(const Surroundings& here, const Result<config::Config>& config) {
    const std::string running = socket_of(here, config);
    if (running.empty()) return {};
    return [socket = running](const std::string& key, config::Stickiness stickiness,
                              route::Facts& facts) {
        const bool strict = stickiness == config::Stickiness::strict;
        const std::string path =
            fmt::format("/home?key={}{}", percent_encode(key), strict ? "&strict=1" : "");
        const auto answer = ask_service(socket, "GET", path);
        if (answer && answer->status == 200) gateway::take_home(answer->body, facts);
    };
}

Result<gateway::Explanation> explain_input(const Options& options, const Surroundings& here) {
    TRY(const std::string input, read_input(options.file));
    TRY(Asked asked, asked_of(input));
    TRY_DO(add_headers(options.headers, asked.head));
    Result<config::Config> config = load(here);
    const gateway::Recall recall = recall_of(here, config);
    if (!config) return std::unexpected(config.error());
    config::ProjectRoutings projects(
        here.paths.user_home + "/.claude/projects", here.paths.home, here.environment,
        [](const std::string& told) { fmt::print(stderr, "{}\n", told); });
    return gateway::explain(asked.head, std::move(asked.body),
                            std::make_shared<const config::Config>(*std::move(config)), &projects,
                            recall);
}

bool is_request_id(const std::string& word) {
    return word.starts_with("req_") && !std::filesystem::exists(word);
}

Result<Json> explain_past(const std::string& id, const Surroundings& here) {
    std::vector<Json> lines;
    for (const std::string& file : application_logs(here.paths)) {
        std::ifstream in(file, std::ios::binary);
        for (std::string text; std::getline(in, text);) {
            if (text.find(id) == std::string::npos) continue;
            Json line = Json::parse(text, nullptr, false);
            if (line.is_object() && line.value("request", "") == id)
                lines.push_back(std::move(line));
        }
    }
    if (lines.empty())
        return fail(ErrorKind::not_found,
                    fmt::format("The application log ({}/claude-code-router.log) knows no request "
                                "{}.",
                                shortened(here.paths, here.paths.home), id));
    return of_log_lines(lines);
}

}  // namespace

int explain_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    Json explained;
    if (is_request_id(options.file)) {
        auto past = explain_past(options.file, here);
        if (!past) return report(past.error());
        explained = *std::move(past);
    } else {
        const auto explanation = explain_input(options, here);
        if (!explanation) return report(explanation.error());
        if (options.show_body && !options.json) {
            if (explanation->targets.empty()) return kFailed;
            fmt::print("{}\n", explanation->targets.front().body);
            return kDone;
        }
        explained = to_json(*explanation, options.show_body);
    }
    if (options.json)
        fmt::print("{}\n", explained.dump(2, ' ', false, Json::error_handler_t::replace));
    else
        fmt::print("{}", to_text(explained));
    return kDone;
}

}  // namespace ccr::cli
