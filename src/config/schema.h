// Schema: every key that a configuration may have, in one table. Findings about unknown keys, the
// JSON Schema for editors and docs/configuration.md are made of it.
//
// Constant; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ccr::config {

/// What a value may be; a key may take several kinds: `kText | kTexts`.
using Takes = std::uint32_t;
inline constexpr Takes kText = 1u << 0;
inline constexpr Takes kNumber = 1u << 1;   // or its text; kept to `least` and `most`
inline constexpr Takes kFlag = 1u << 2;     // or its usual texts
inline constexpr Takes kFixed = 1u << 3;    // true or false themselves
inline constexpr Takes kWord = 1u << 4;     // one of `words`
inline constexpr Takes kTexts = 1u << 5;    // a list, or one text with commas
inline constexpr Takes kWords = 1u << 6;    // the same, of `words`
inline constexpr Takes kModel = 1u << 7;    // "provider,model" or an alias
inline constexpr Takes kModels = 1u << 8;   // a list, or one
inline constexpr Takes kUses = 1u << 9;     // transformers: names, or ["name", {options}], or one
inline constexpr Takes kObject = 1u << 10;  // of `members`
inline constexpr Takes kList = 1u << 11;    // of such objects
inline constexpr Takes kNamed = 1u << 12;   // an object of freely named values, each such an object
inline constexpr Takes kFree = 1u << 13;    // an object that is not ours to look into
inline constexpr Takes kAny = 1u << 14;

struct Section;

/// The router's scenarios in their usual spelling.
inline constexpr std::string_view kScenarioNames[] = {"default",     "background", "think",
                                                      "longContext", "webSearch",  "image"};

/// The same with another value of one of its fields.
template <typename Whole, typename Field, typename Value>
constexpr Whole but(Whole whole, Field Whole::* field, Value value) {
    whole.*field = value;
    return whole;
}

using Words = std::span<const std::string_view>;

struct Key {
    std::string_view name;  // in its usual spelling
    Takes takes = 0;
    std::string_view about;                      // a line for people
    std::string_view usual = "";                 // what holds without it, for people; "" = nothing
    Words words = {};                            // of kWord and kWords
    const Section* members = nullptr;            // of kObject, kList and kNamed
    std::span<const Section* const> parts = {};  // instead: of several, none of whose keys collide
    Words also = {};                             // further names of the same
    bool any_spelling = false;                   // names are compared without case, '_' and '-'
    bool any_case = false;                       // words are compared without case
    bool is_ours = false;                        // version 2 has it not
    double least = 0, most = 0;                  // of a number; both 0 = any

    // The same key and more of it, so that a row of the table reads as a sentence.
    constexpr Key usually(std::string_view what) const { return but(*this, &Key::usual, what); }
    constexpr Key of(Words what) const { return but(*this, &Key::words, what); }
    constexpr Key with(const Section& what) const { return but(*this, &Key::members, &what); }
    constexpr Key with_parts(std::span<const Section* const> what) const {
        return but(*this, &Key::parts, what);
    }
    constexpr Key or_named(Words what) const { return but(*this, &Key::also, what); }
    constexpr Key in_any_spelling() const { return but(*this, &Key::any_spelling, true); }
    constexpr Key in_any_case() const { return but(*this, &Key::any_case, true); }
    constexpr Key ours() const { return but(*this, &Key::is_ours, true); }
    constexpr Key within(double from, double to) const {
        return but(but(*this, &Key::least, from), &Key::most, to);
    }
};

/// The keys of one object.
struct Section {
    std::string_view name;   // among all sections: "provider"
    std::string_view of;     // "a provider", for messages
    std::string_view where;  // "Providers[]", for people
    std::span<const Key> keys;
    const Key* others = nullptr;  // what members of any other name are; nullptr = unknown
};

// By what it is of. Router, then providers, then the rest in the order of the file.
extern const Section kTopSection, kRouterSection, kAliasSection, kRuleSection, kConditionSection,
    kFallbackSection, kProviderSection, kModelSection, kApiKeySection, kTransformerSection,
    kModelUseSection, kPatchSection, kTraitSection, kPriceSection, kVertexSection, kAwsSection,
    kAzureSection, kTokenizerSection, kTokenizerChoiceSection, kTimeoutSection, kRetrySection,
    kHedgeSection, kLimitSection, kMediaFetchSection, kScriptSection, kPermissionSection,
    kScriptFileSection, kTlsSection, kStatusLineSection, kStatusStyleSection, kStatusModuleSection,
    kPluginSection, kTokenSpeedSection, kOutputOptionSection, kOutputHandlerSection,
    kConsoleSection, kTempFileSection, kWebhookSection, kWebhookAuthSection, kWebhookRetrySection;

/// All that can be reached from the top, each once, in the order of the file.
std::vector<const Section*> all_sections();

/// The key of this name, in any spelling that it may have; nullptr when there is none.
const Key* find_key(const Section& section, std::string_view name);

/// The usual spellings, in order.
std::vector<std::string_view> names_of(const Section& section);

/// What the key of this name, which is there, may be; in the order of the table.
Words words_of(const Section& section, std::string_view name);

}  // namespace ccr::config
