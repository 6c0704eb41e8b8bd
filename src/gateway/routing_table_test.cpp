// tests/routing/*.json5: requests, the Router they meet, and what must come of it. Its README says
// how a case is written.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "config/json5.h"
#include "config/loader.h"
#include "config/node.h"
#include "gateway/facts.h"
#include "gateway/session.h"

namespace ccr::gateway {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Json read_json5(const fs::path& path) {
    const auto document = config::parse_json5(read(path), path.string());
    EXPECT_TRUE(document) << (document ? "" : document.error().message);
    return document ? Json::parse(config::Node::root_of(*document).json()) : Json();
}

struct Case {
    std::string file;
    Json config, text;
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.file << ": " << c.text.value("name", "without a name");
}

std::vector<Case> all_cases() {
    std::vector<Case> out;
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(CCR_SOURCE_DIR) / "tests/routing")) {
        if (entry.path().extension() == ".json5") files.insert(entry.path());
    }
    for (const fs::path& path : files) {
        const Json file = read_json5(path);
        for (const Json& text : file.value("cases", Json::array())) {
            Case one{path.stem().string(), file.at("config"), text};
            if (text.contains("config")) one.config.merge_patch(text["config"]);
            if (text.contains("router")) one.config["Router"].merge_patch(text["router"]);
            out.push_back(std::move(one));
        }
    }
    return out;
}

Protocol protocol_of(const std::string& name) {
    if (name == "chat") return Protocol::openai_chat;
    if (name == "responses") return Protocol::openai_responses;
    return name == "gemini" ? Protocol::gemini : Protocol::anthropic;
}

/// One case on its way: what it says, and what the router makes of it.
struct Trial {
    explicit Trial(const Case& c) : text(c.text) {
        auto parsed = config::parse_config(c.config.dump(), "case.json5",
                                           [](auto) { return std::optional<std::string>(); });
        EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
        if (parsed) config = *std::move(parsed);
    }

    void prepare() {
        Json request = {{"model", "claude-opus-5-5"},
                        {"max_tokens", 100},
                        {"messages", Json::array({{{"role", "user"}, {"content", "hello"}}})}};
        if (text.contains("fixture")) {
            const fs::path at = fs::path(CCR_SOURCE_DIR) / "tests/fixtures" /
                                (text["fixture"].get<std::string>() + ".json");
            const Json recorded = Json::parse(read(at));
            request = recorded.at("body");
            for (const auto& [name, value] : recorded.at("headers").items())
                headers.add(name, value.get<std::string>());
            address.model = recorded.value("path_model", "");
        }
        if (text.contains("body")) request.merge_patch(text["body"]);
        const Json given = text.value("headers", Json::object());
        for (const auto& [name, value] : given.items()) headers.set(name, value.get<std::string>());
        body = request.dump();
        address.page = Page::answer;
        address.client = protocol_of(text.value("client", "anthropic"));
        if (text.contains("path_model")) address.model = text["path_model"].get<std::string>();
    }

    void decide() {
        const wire::Codec& codec = *wire::codec_of(address.client);
        auto tag = decode(address, codec, {headers, body, document, root, conversation}, nullptr);
        ASSERT_TRUE(tag) << tag.error().message;
        facts = facts_of(headers, conversation, address.client, *std::move(tag), config);
        facts.session = session_of(headers, root);
        remember();
        decision = route::decide(facts, config, route::Telling::fully);
    }

    // What the gateway would add from elsewhere.
    void remember() {
        const Json known = text.value("facts", Json::object());
        facts.input_tokens = known.value("tokens", facts.input_tokens);
        facts.last_input_tokens = known.value("last_tokens", std::int64_t{0});
        facts.project = known.value("project", "");
        facts.session = known.value("session", facts.session);
        if (known.contains("script"))
            facts.scripted =
                route::Scripted{known["script"], "0.2 ms", known.value("failed", false)};
        facts.router_file = known.value("router_file", "");
        if (known.contains("time")) {
            facts.now.weekday = known["time"][0].get<int>();
            facts.now.minute = known["time"][1].get<int>() * 60 + known["time"][2].get<int>();
        }
        if (!known.contains("home")) return;
        const auto target = config::parse_model_ref(known["home"].get<std::string>());
        const auto usual = config::parse_model_ref(known.value("usual", "main,big"));
        ASSERT_TRUE(target && usual);
        facts.home = route::Home{*target, *usual, known.value("cached", std::int64_t{50'000}),
                                 std::chrono::seconds(12)};
    }

    Json text;
    config::Config config;
    net::Headers headers;
    Address address;
    std::string body;
    json::Document document;
    json::View root;
    chat::Conversation conversation;
    route::Facts facts;
    route::Decision decision;
};

Json targets(const route::Decision& decision) {
    Json out = Json::array();
    for (const route::Attempt& attempt : decision.attempts)
        out.push_back(attempt.provider->name + "," + attempt.model);
    return out;
}

std::string all_considered(const route::Decision& decision) {
    std::string out;
    for (const route::Considered& rule : decision.considered)
        out += fmt::format("{} {}: {}\n", rule.applied ? "+" : "-", rule.rule, rule.why);
    return out;
}

void check_reasons(const Json& text, const route::Decision& decision) {
    const std::string considered = all_considered(decision);
    for (const Json& line : text.value("considered", Json::array()))
        EXPECT_NE(considered.find(line.get<std::string>()), std::string::npos) << line;
    for (const Json& line : text.value("not_considered", Json::array()))
        EXPECT_EQ(considered.find(line.get<std::string>()), std::string::npos) << line;
    const std::string because = fmt::format("{}", fmt::join(decision.because, "\n"));
    for (const Json& line : text.value("because", Json::array()))
        EXPECT_NE(because.find(line.get<std::string>()), std::string::npos) << because;
}

class RoutingTable : public testing::TestWithParam<Case> {};

TEST_P(RoutingTable, Decides) {
    const Json& text = GetParam().text;
    Trial trial(GetParam());
    trial.prepare();
    trial.decide();
    const route::Decision& decision = trial.decision;
    SCOPED_TRACE(all_considered(decision));
    if (text.contains("refused")) {
        ASSERT_TRUE(decision.refusal);
        EXPECT_NE(decision.refusal->message.find(text["refused"].get<std::string>()),
                  std::string::npos)
            << decision.refusal->message;
        EXPECT_EQ(decision.refusal->status, text.value("status", 404));
    } else {
        ASSERT_FALSE(decision.refusal) << decision.refusal->message;
        const Json& to = text.at("to");
        EXPECT_EQ(targets(decision), to.is_array() ? to : Json::array({to}));
        EXPECT_EQ(decision.scenario, text.value("scenario", "default"));
        EXPECT_EQ(decision.rule, text.at("rule").get<std::string>());
        EXPECT_FALSE(decision.because.empty());
    }
    check_reasons(text, decision);
    EXPECT_EQ(decision.edits.size(), text.value("edits", std::size_t{0}));
    for (const Json& gone : text.value("gone", Json::array()))
        EXPECT_EQ(trial.body.find(gone.get<std::string>()), std::string::npos) << trial.body;
    for (const Json& kept : text.value("kept", Json::array()))
        EXPECT_NE(trial.body.find(kept.get<std::string>()), std::string::npos) << trial.body;
}

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
    std::string out = info.param.file + "_";
    for (const char c : info.param.text.value("name", "")) {
        const bool is_word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_word || !out.ends_with('_')) out += is_word ? c : '_';
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(Cases, RoutingTable, testing::ValuesIn(all_cases()), name_of_case);

TEST(RoutingCases, AreManyAndHaveNames) {
    std::set<std::string> names;
    const std::vector<Case> cases = all_cases();
    for (const Case& c : cases) names.insert(c.file + c.text.value("name", ""));
    EXPECT_GE(cases.size(), 120u);
    EXPECT_EQ(names.size(), cases.size());
}

}  // namespace
}  // namespace ccr::gateway
