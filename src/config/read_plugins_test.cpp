#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using namespace std::chrono_literals;
using fixture::codes;
using fixture::found;
using fixture::has;
using fixture::parsed;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;

Config with_options(const std::string& options, fixture::Variables variables = {}) {
    return parsed("{plugins: [{name: 'token-speed', enabled: true, options: " + options + "}]}",
                  std::move(variables));
}

std::vector<std::string> names(const TokenSpeed& speed) {
    std::vector<std::string> out;
    for (const SpeedOutput& output : speed.outputs) out.push_back(output.name);
    return out;
}

WebhookOutput webhook(const Config& config) {
    for (const SpeedOutput& output : config.token_speed.outputs) {
        if (const auto* webhook = std::get_if<WebhookOutput>(&output.to)) return *webhook;
    }
    ADD_FAILURE() << "there is no webhook";
    return {};
}

Config with_webhook(const std::string& settings, fixture::Variables variables = {}) {
    return with_options(
        "{reporter: 'webhook', outputHandlers: [{type: 'webhook', config: " + settings + "}]}",
        std::move(variables));
}

TEST(Plugins, OffUnlessSwitchedOn) {
    EXPECT_FALSE(parsed("{}").token_speed.enabled);
    EXPECT_FALSE(parsed("{plugins: [{name: 'token-speed'}]}").token_speed.enabled);
    const Config config = parsed("{Plugins: [{name: 'token-speed', enabled: true}]}");
    EXPECT_TRUE(config.token_speed.enabled);
    EXPECT_THAT(codes(config), ElementsAre("demo"));
}

TEST(Plugins, O4WithoutHandlersThereIsTheFileThatStatusLinesRead) {
    for (const char* options : {"{}", "{outputHandlers: []}", "null"}) {
        const Config config = with_options(options);
        ASSERT_THAT(names(config.token_speed), ElementsAre("temp-file-1")) << options;
        EXPECT_EQ(std::get<FileOutput>(config.token_speed.outputs[0].to), FileOutput());
        EXPECT_THAT(codes(config), ElementsAre("demo"));
    }
}

TEST(Plugins, O3TwoHandlersOfATypeAreTwo) {
    const Config config = with_options(
        "{outputHandlers: [{type: 'console'}, {type: 'console', config: {level: 'warn', colors: "
        "false}}, {type: 'temp-file', enabled: false}]}");
    EXPECT_THAT(names(config.token_speed), ElementsAre("console-1", "console-2"));
    EXPECT_EQ(std::get<ConsoleOutput>(config.token_speed.outputs[1].to),
              (ConsoleOutput{ConsoleOutput::Level::warn, false}));
}

// The table's words are the values in their order.
TEST(Plugins, EveryWordIsTheValueOfItsName) {
    using Level = ConsoleOutput::Level;
    for (const auto& [word, level] :
         std::initializer_list<std::pair<std::string, Level>>{{"log", Level::log},
                                                              {"info", Level::info},
                                                              {"warn", Level::warn},
                                                              {"error", Level::error},
                                                              {"debug", Level::debug}}) {
        const Config config =
            with_options("{outputHandlers: [{type: 'console', config: {level: '" + word + "'}}]}");
        EXPECT_EQ(std::get<ConsoleOutput>(config.token_speed.outputs.at(0).to).level, level)
            << word;
    }
    using Format = TokenSpeed::Format;
    for (const auto& [word, format] : std::initializer_list<std::pair<std::string, Format>>{
             {"json", Format::json}, {"text", Format::text}, {"markdown", Format::markdown}}) {
        const Config config = with_options("{outputOptions: {format: '" + word + "'}}");
        EXPECT_EQ(config.token_speed.format, format) << word;
    }
}

TEST(Plugins, O8WhatIsNoListEndsNothing) {
    for (const char* text : {"{plugins: {name: 'token-speed'}}", "{plugins: 'token-speed'}",
                             "{plugins: 7}", "{plugins: true}"}) {
        const Config config = parsed(text);
        EXPECT_THAT(found(config, "wrong-type").message, HasSubstr("plugins should be a list"));
        EXPECT_FALSE(config.token_speed.enabled);
    }
}

TEST(Plugins, AnUnknownOneIsTold) {
    EXPECT_THAT(found(parsed("{plugins: [{name: 'tokenspeed'}]}"), "unknown-plugin").message,
                HasSubstr("did you mean token-speed?"));
    EXPECT_THAT(found(parsed("{plugins: [{name: 'mine'}]}"), "unknown-plugin").message,
                HasSubstr("transformers"));
    EXPECT_TRUE(has(parsed("{plugins: ['token-speed']}"), "wrong-type"));
    EXPECT_TRUE(has(parsed("{plugins: [{name: 'token-speed'}, {name: 'token-speed'}]}"),
                    "duplicate-plugin"));
}

TEST(Plugins, AWebsocketIsSaidNotToExist) {
    const Config config = with_options("{outputHandlers: [{type: 'websocket'}]}");
    EXPECT_THAT(found(config, "invalid-value").message,
                AllOf(HasSubstr("does not exist"), HasSubstr("webhook")));
    EXPECT_THAT(config.token_speed.outputs, SizeIs(0));
    EXPECT_THAT(
        found(with_options("{outputHandlers: [{type: 'web-hook'}]}"), "invalid-value").message,
        HasSubstr("did you mean webhook?"));
}

TEST(Plugins, WhatOnlyOneSideNamesIsTold) {
    const Config unread =
        with_options("{outputHandlers: [{type: 'webhook', config: {url: 'http://h/'}}]}");
    EXPECT_THAT(found(unread, "no-handler").message, HasSubstr("add \"webhook\" to reporter"));
    EXPECT_THAT(unread.token_speed.outputs, SizeIs(0));
    EXPECT_THAT(found(with_options("{reporter: ['webhook', 'temp-file']}"), "no-handler").message,
                HasSubstr("{type: \"webhook\"}"));
    EXPECT_THAT(found(with_options("{reporter: 'tmp-file'}"), "invalid-value").message,
                HasSubstr("did you mean temp-file?"));
}

TEST(Plugins, AFileStaysInItsDirectory) {
    for (const char* bad : {"subdirectory: '../x'", "subdirectory: '/x'", "subdirectory: 'a//b'",
                            "subdirectory: ''", "prefix: 'a/b'", "extension: '../x'"}) {
        const Config config = with_options(
            std::string("{outputHandlers: [{type: 'temp-file', config: {") + bad + "}}]}");
        EXPECT_TRUE(has(config, "invalid-value")) << bad;
        EXPECT_EQ(std::get<FileOutput>(config.token_speed.outputs.at(0).to), FileOutput()) << bad;
    }
    const Config config = with_options(
        "{outputHandlers: [{type: 'temp-file', config: {subdirectory: 'a/b', prefix: 'p',"
        " extension: '.txt', includeTimestamp: true}}]}");
    EXPECT_EQ(std::get<FileOutput>(config.token_speed.outputs.at(0).to),
              (FileOutput{"a/b", "p", "txt", true}));
}

TEST(Plugins, TheFormOfTheOutput) {
    const Config config = with_options(
        "{outputOptions: {format: 'markdown', timestamp: false, timeout: 500, metadata: {a: 1}}}");
    EXPECT_EQ(config.token_speed.format, TokenSpeed::Format::markdown);
    EXPECT_FALSE(config.token_speed.timestamp);
    EXPECT_EQ(config.token_speed.time_out, 500ms);
    EXPECT_EQ(config.token_speed.metadata, "{\"a\":1}");
    EXPECT_TRUE(has(with_options("{outputOptions: {format: 'xml'}}"), "invalid-value"));
    EXPECT_TRUE(has(with_options("{outputOption: {}}"), "unknown-key"));
}

TEST(Plugins, AWebhook) {
    const Config config = with_webhook(
        "{url: 'https://h/x', method: 'put', headers: {'X-Team': 'a', n: 5}, auth: {type: 'bearer',"
        " token: '$MY_TOKEN'}, retry: {maxAttempts: 5, backoffMs: 20}, silent: true}",
        {{"MY_TOKEN", "t-0123456789"}});
    const WebhookOutput out = webhook(config);
    EXPECT_EQ(out.url, "https://h/x");
    EXPECT_EQ(out.method, "PUT");
    EXPECT_THAT(out.headers, ElementsAre(Pair("X-Team", "a"), Pair("n", "5"),
                                         Pair("authorization", "Bearer t-0123456789")));
    EXPECT_EQ(out.attempts, 5);
    EXPECT_EQ(out.pause, 20ms);
    EXPECT_TRUE(out.silent);
    EXPECT_THAT(codes(config), ElementsAre("demo"));
    EXPECT_THAT(config.secrets, Contains("t-0123456789"));
}

TEST(Plugins, CredentialsOfWebhooksAreSecrets) {
    const Config basic = with_webhook(
        "{url: 'https://h/x', auth: {type: 'basic', username: 'u', password: 'pass-word'}}");
    EXPECT_THAT(webhook(basic).headers,
                ElementsAre(Pair("authorization", "Basic dTpwYXNzLXdvcmQ=")));
    EXPECT_THAT(basic.secrets, AllOf(Contains("pass-word"), Contains("dTpwYXNzLXdvcmQ=")));
    const Config custom = with_webhook(
        "{url: 'https://h/x', auth: {type: 'custom', header: 'X-Api-Key', value: 'v-012345'}}");
    EXPECT_THAT(webhook(custom).headers, ElementsAre(Pair("X-Api-Key", "v-012345")));
    EXPECT_THAT(custom.secrets, Contains("v-012345"));
}

TEST(Plugins, AWebhookThatCannotBeIsLeftOut) {
    for (const char* settings :
         {"{}", "{url: ''}", "{url: 'ftp://h/x'}", "{url: 'h/x'}", "{url: '$NO_SUCH_URL'}"}) {
        const Config config = with_webhook(settings);
        EXPECT_THAT(config.token_speed.outputs, SizeIs(0)) << settings;
        EXPECT_GE(config.findings.size(), 2u) << settings;
    }
    EXPECT_TRUE(has(with_webhook("{url: 'http://h', method: 'GET'}"), "invalid-value"));
    EXPECT_TRUE(has(with_webhook("{url: 'http://h', auth: {type: 'digest'}}"), "invalid-value"));
    EXPECT_TRUE(has(with_webhook("{url: 'http://h', retry: {maxAttempts: 0}}"), "invalid-value"));
    EXPECT_TRUE(has(with_webhook("{url: 'http://h', headers: {'a b': 'x'}}"), "invalid-value"));
    EXPECT_TRUE(
        has(with_webhook("{url: 'http://h', headers: {a: 'x\\r\\ny: z'}}"), "invalid-value"));
}

}  // namespace
}  // namespace ccr::config
