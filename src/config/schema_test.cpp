#include "config/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
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
    std::string text;
};
std::vector<Frame> frames() {
    const std::string provider =
        "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k', models: "
        "['m'],"
        " %}], Router: {default: 'p,m'}}";
    const auto within = [](std::string_view key, std::string_view value) {
        return "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k', "
               "models: ['m'], " +
               std::string(key) + ": " + std::string(value) + "}], Router: {default: 'p,m'}}";
    };
    return {
        {kPatchSection, within("patch", "[{%}]")},
        {kTraitSection, within("traits", "{%}")},
        {kPriceSection, within("traits", "{prices: {%}}")},
        {kApiKeySection, within("api_keys", "['k1', {%}]")},
        {kTokenizerSection, within("tokenizer", "{%}")},
        {kVertexSection, within("vertex", "{%}")},
        {kAwsSection, within("aws", "{%}")},
        {kAzureSection, within("azure", "{%}")},
        {kTlsSection, "{TLS: {%}}"},
        {kPermissionSection, "{scripts: {permissions: {%}}}"},
        {kRouterSection,
         "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: 'k', models: "
         "['m']}], Router: {%}}"},
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

/// What was found, without the places, whose columns depend on the spelling.
std::vector<std::string> told(const Config& config) {
    std::vector<std::string> out;
    for (const Finding& finding : config.findings)
        out.push_back(std::string(finding.code) + ": " + finding.message);
    return out;
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

std::string in_other_spelling(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const auto letter = static_cast<unsigned char>(c);
        if (c == '_' || c == '-') continue;
        out += static_cast<char>(std::isupper(letter) != 0 ? std::tolower(letter)
                                                           : std::toupper(letter));
        if (out.size() == 1) out += '-';
    }
    return out;
}

// What is wrong with a value is found in every spelling, or it is not read.
TEST(Schema, ReadersTakeTheSpellingsThatItSays) {
    std::size_t seen = 0;
    std::vector<Frame> all = frames();
    for (const char* const type : {"tiktoken", "huggingface", "api"})
        all.push_back({kTokenizerChoiceSection,
                       "{Providers: [{name: 'p', api_base_url: 'http://h/v1/messages', api_key: "
                       "'k', models: ['m'], tokenizer: {models: {m: {type: '" +
                           std::string(type) + "', %}}}}], Router: {default: 'p,m'}}"});
    for (const Frame& frame : all) {
        for (const Key& key : frame.section.keys) {
            const bool is_in_frame =
                frame.text.find(std::string(key.name) + ":") != std::string::npos;
            if (!key.any_spelling || is_in_frame) continue;
            for (const char* const value : {"{x: [1]}", "[[1]]", "'no-such-word'", "-1", "1e300"}) {
                EXPECT_EQ(told(with_value(frame, in_other_spelling(key.name), value)),
                          told(with_value(frame, std::string(key.name), value)))
                    << frame.section.of << ": " << key.name << ": " << value;
            }
            ++seen;
        }
    }
    EXPECT_GT(seen, 60u);
}

const Provider& provider_with(Config& config, const std::string& members) {
    config = fixture::with_provider(
        "{name: 'a', api_base_url: 'http://h/v1/messages', api_key: 'k', models: ['m'], " +
        members + "}");
    return config.providers.front();
}

// What these take no value is wrong for.
TEST(Schema, APatchAndHeadersAreReadInEverySpelling) {
    Config config;
    const Provider& provider = provider_with(
        config,
        "patch: [{Clamp: '/max_tokens', MIN: 1, Max: 9, Models: ['m'], When: {'/stream': true}},"
        " {SET: '/x', Value: 7}, {Rename: '/y', TO: 'z'}, {De_lete: '/q'}, {Default: '/r', "
        "value: null}], "
        "tokenizer: {default: {Type: 'api', URL: 'http://t/', HEADERS: {'x-a': 'b'}}}");
    EXPECT_THAT(codes(config), testing::IsEmpty());
    ASSERT_EQ(provider.patch.size(), 5u);
    const json::WirePatch& clamp = provider.patch[0].patch;
    EXPECT_EQ(clamp.least, 1);
    EXPECT_EQ(clamp.most, 9);
    ASSERT_TRUE(clamp.when);
    EXPECT_EQ(clamp.when->pointer, "/stream");
    EXPECT_EQ(provider.patch[0].models, std::vector<std::string>{"m"});
    EXPECT_EQ(provider.patch[1].patch.value, "7");
    EXPECT_EQ(provider.patch[2].patch.value, "z");
    EXPECT_EQ(provider.patch[3].patch.kind, json::PatchKind::remove);
    EXPECT_EQ(provider.patch[4].patch.value, "null");
    ASSERT_EQ(provider.tokenizers.size(), 1u);
    EXPECT_EQ(provider.tokenizers[0].endpoint->headers.size(), 1u);
}

TEST(Schema, CommentsAreCommentsEverywhere) {
    for (const std::string mark : {"//", "_", "#"}) {
        const std::string key = "'" + mark + "note': ";
        const std::string note = key + "'a note', ";
        Config config;
        const Provider& provider = provider_with(
            config, note + "transformer: {" + key + "{use: ['no-such']}, use: []}, tokenizer: {" +
                        note + "models: {" + note + "'m': {" + note +
                        "type: 'tiktoken'}}}, traits: {" + note + "models: {" + note +
                        "'m': {vision: true}}}, patch: [{" + note + "delete: '/x'}]");
        EXPECT_THAT(told(config), testing::IsEmpty()) << mark;
        EXPECT_EQ(provider.model_traits.size(), 1u) << mark;
        EXPECT_EQ(provider.tokenizers.size(), 1u) << mark;
        EXPECT_TRUE(provider.model_use.empty()) << mark;
        const Config rest = parsed(
            "{Providers: {" + note +
            "a: {api_base_url: 'http://h/v1/messages', api_key: 'k', models: ['m']}}, Router: {" +
            note + "default: 'a,m', models: {" + note + "fast: 'a,m'}, rules: [{" + note +
            "when: {" + note + "images: true}, use: 'a,m'}]}, fallback: {" + note +
            "default: ['a,m']}}");
        EXPECT_THAT(told(rest), testing::IsEmpty()) << mark;
        EXPECT_EQ(rest.providers.size(), 1u) << mark;
        EXPECT_EQ(rest.routing.rules.size(), 1u) << mark;
        EXPECT_EQ(rest.routing.fallback.size(), 1u) << mark;
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
