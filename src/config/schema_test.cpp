#include "config/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "config/config_fixture.h"
#include "config/schema_document.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;
using fixture::codes;
using fixture::has;
using fixture::parsed;
using testing::Contains;
using testing::Not;

std::string file(const std::string& name) {
    std::ifstream in(CCR_SOURCE_DIR "/docs/" + name);
    std::stringstream content;
    content << in.rdbuf();
    return content.str();
}

TEST(Schema, IsWhatTheDocumentsHave) {
    EXPECT_EQ(file("configuration.md"), reference_markdown())
        << "run: build/dev/ccr config reference > docs/configuration.md";
    EXPECT_EQ(file("config.schema.json"), json_schema())
        << "run: build/dev/ccr config schema > docs/config.schema.json";
}

TEST(Schema, SectionsAndTheirKeysHaveNamesOfTheirOwn) {
    std::set<std::string_view> sections;
    for (const Section* section : all_sections()) {
        EXPECT_TRUE(sections.insert(section->name).second) << section->name;
        std::set<std::string_view> names;
        for (const Key& key : section->keys) {
            EXPECT_TRUE(names.insert(key.name).second) << section->name << "." << key.name;
            EXPECT_NE(key.takes, 0u) << key.name;
            const bool has_object = (key.takes & (kObject | kList | kNamed)) != 0;
            EXPECT_EQ(has_object, key.members != nullptr || !key.parts.empty()) << key.name;
            EXPECT_EQ((key.takes & (kWord | kWords)) != 0, !key.words.empty()) << key.name;
            for (const std::string_view also : key.also)
                EXPECT_TRUE(names.insert(also).second) << section->name << "." << also;
        }
    }
}

TEST(Schema, ItsReferencesLeadSomewhere) {
    const Json schema = Json::parse(json_schema());
    std::size_t found = 0;
    const std::string text = schema.dump();
    constexpr std::string_view kStart = "\"$ref\":\"#";
    for (std::size_t at = text.find(kStart); at != text.npos; at = text.find(kStart, at + 1)) {
        const std::size_t begin = at + kStart.size();
        const std::string pointer = text.substr(begin, text.find('"', begin) - begin);
        EXPECT_TRUE(schema.contains(Json::json_pointer(pointer))) << pointer;
        ++found;
    }
    EXPECT_GT(found, schema["$defs"].size());
}

TEST(Schema, FindsEverySpelling) {
    EXPECT_EQ(find_key(kProviderSection, "API-base_URL")->name, "api_base_url");
    EXPECT_EQ(find_key(kProviderSection, "BaseUrl")->name, "api_base_url");
    EXPECT_EQ(find_key(kTopSection, "https_proxy")->name, "PROXY_URL");
    EXPECT_EQ(find_key(kTopSection, "port"), nullptr);
    EXPECT_EQ(find_key(kTimeoutSection, "IDLE_MS"), nullptr);
}

// Where a section's object stands in a file; "%" is its place.
struct Frame {
    const Section& section;
    std::string_view text;
};
std::vector<Frame> frames() {
    const std::string_view provider =
        "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k', models: "
        "['m'],"
        " %}], Router: {default: 'p,m'}}";
    return {
        {kTopSection,
         "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k', models: "
         "['m']}], Router: {default: 'p,m'}, %}"},
        {kProviderSection, provider},
        {kTimeoutSection, "{timeouts: {%}}"},
        {kRetrySection, "{retry: {%}}"},
        {kLimitSection, "{limits: {%}}"},
        {kHedgeSection, "{hedge: {%}}"},
        {kMediaFetchSection, "{media_fetch: {%}}"},
        {kScriptSection, "{scripts: {%}}"},
        {kOutputOptionSection, "{plugins: [{name: 'token-speed', options: {outputOptions: {%}}}]}"},
        {kConsoleSection,
         "{plugins: [{name: 'token-speed', options: {outputHandlers: [{type: 'console',"
         " config: {%}}]}}]}"},
        {kTempFileSection,
         "{plugins: [{name: 'token-speed', options: {outputHandlers: [{type: 'temp-file',"
         " config: {%}}]}}]}"},
        {kWebhookSection,
         "{plugins: [{name: 'token-speed', options: {reporter: 'webhook', outputHandlers: "
         "[{type: 'webhook', config: {url: 'http://h', %}}]}}]}"}};
}

Config with_value(const Frame& frame, const std::string& name, const std::string& value) {
    std::string text(frame.text);
    return parsed(text.replace(text.find('%'), 1, "\"" + name + "\": " + value));
}

std::vector<std::string> without_demo(const Config& config) {
    std::vector<std::string> out;
    for (std::string& code : codes(config)) {
        if (code != "demo") out.push_back(std::move(code));
    }
    return out;
}

TEST(Schema, EveryKeyIsKnownWhereItStands) {
    for (const Frame& frame : frames()) {
        for (const Key& key : frame.section.keys) {
            EXPECT_THAT(codes(with_value(frame, std::string(key.name), "null")),
                        Not(Contains("unknown-key")))
                << frame.section.of << ": " << key.name;
        }
        EXPECT_THAT(codes(with_value(frame, "no_such_key", "1")), Contains("unknown-key"));
    }
}

// The table says what the readers take: an object in the place of a text, say, is a finding.
TEST(Schema, ReadersTakeNothingElse) {
    constexpr Takes kScalar = kText | kNumber | kFlag | kWord | kFixed | kModel;
    // Of the frames themselves; and what only a cloud's provider asks for.
    constexpr std::string_view kOthers[] = {"name",
                                            "models",
                                            "api_key",
                                            "api_base_url",
                                            "url",
                                            "id",
                                            "prefix",
                                            "GOOGLE_CLOUD_PROJECT",
                                            "GOOGLE_CLOUD_LOCATION",
                                            "GOOGLE_APPLICATION_CREDENTIALS"};
    for (const Frame& frame : frames()) {
        for (const Key& key : frame.section.keys) {
            if ((key.takes & ~kScalar) != 0 ||
                std::ranges::find(kOthers, key.name) != std::end(kOthers))
                continue;
            const Config config = with_value(frame, std::string(key.name), "{x: [1]}");
            EXPECT_FALSE(without_demo(config).empty()) << frame.section.of << ": " << key.name;
        }
    }
}

TEST(Schema, ReadersTakeItsWordsAndNoOther) {
    for (const Frame& frame : frames()) {
        for (const Key& key : frame.section.keys) {
            if ((key.takes & (kWord | kWords)) == 0 || key.name == "auth") continue;
            const auto is_refused = [&](std::string_view word) {
                const Config config =
                    with_value(frame, std::string(key.name), "'" + std::string(word) + "'");
                return has(config, "invalid-value");
            };
            for (const std::string_view word : key.words)
                EXPECT_FALSE(is_refused(word)) << key.name << ": " << word;
            EXPECT_TRUE(is_refused("no-such-word")) << key.name;
        }
    }
}

TEST(Schema, NumbersHaveTheRangeThatItSays) {
    for (const Frame& frame : frames()) {
        for (const Key& key : frame.section.keys) {
            if (key.takes != kNumber || key.most == 0) continue;
            const auto codes_of = [&](double value) {
                return codes(with_value(frame, std::string(key.name), std::to_string(value)));
            };
            EXPECT_THAT(codes_of(key.most), Not(Contains("invalid-value"))) << key.name;
            EXPECT_THAT(codes_of(key.most * 2), Contains("invalid-value")) << key.name;
            EXPECT_THAT(codes_of(key.least - 5), Contains("invalid-value")) << key.name;
        }
    }
}

TEST(Schema, ItsConditionsAreThoseOfRules) {
    for (const Key& key : kConditionSection.keys) {
        const Config config = parsed(
            "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k', models: "
            "['m']}], Router: {default: 'p,m', rules: [{when: {" +
            std::string(key.name) + ": null}, use: 'p,m'}]}}");
        for (const Finding& finding : config.findings)
            EXPECT_THAT(finding.message, Not(testing::HasSubstr("is no condition"))) << key.name;
    }
}

TEST(Schema, ASchemasNameInTheFileIsNoFinding) {
    EXPECT_TRUE(without_demo(parsed("{$schema: './ccr.schema.json'}")).empty());
}

}  // namespace
}  // namespace ccr::config
