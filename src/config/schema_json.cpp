// The JSON Schema that editors read.
#include <fmt/format.h>

#include <cctype>
#include <nlohmann/json.hpp>

#include "config/node.h"
#include "config/schema.h"
#include "config/schema_document.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;

// How people write comments where there are none.
constexpr std::string_view kComments = "^(//|_|#)";

Json reference(const Section& section) {
    return {{"$ref", fmt::format("#/$defs/{}", section.name)}};
}

// One letter in either case: JSON Schema's patterns have no flags.
std::string either_case(char c) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalpha(letter) == 0) return std::string(1, c);
    return fmt::format("[{}{}]", static_cast<char>(std::toupper(letter)),
                       static_cast<char>(std::tolower(letter)));
}

std::string in_any_case(std::string_view word) {
    std::string out;
    for (const char c : word) out += either_case(c);
    return out;
}

std::string in_any_spelling(std::string_view name) {
    std::string out = "^[-_]*";
    for (const char c : folded(name)) out += either_case(c) + "[-_]*";
    return out + "$";
}

std::string words_pattern(const Key& key) {
    std::string out;
    for (const std::string_view word : key.words)
        out += fmt::format("{}{}", out.empty() ? "" : "|", in_any_case(word));
    return out;
}

Json words_of(const Key& key) {
    Json words = Json::array();
    for (const std::string_view word : key.words) words.push_back(std::string(word));
    return {{"enum", words}};
}

Json text_like(std::string pattern) {
    return {{"type", "string"}, {"pattern", std::move(pattern)}};
}

Json number_of(const Key& key) {
    Json out{{"type", "number"}};
    if (key.least == 0 && key.most == 0) return out;
    out["minimum"] = key.least;
    out["maximum"] = key.most;
    return out;
}

// What many keys take, under a name of its own.
constexpr std::string_view kFlagName = "true_or_false";

Json flag_schema() {
    const std::string words = in_any_case("true") + "|" + in_any_case("false");
    Json any = Json::array({Json{{"type", "boolean"}}, Json{{"enum", Json::array({0, 1})}}});
    any.push_back(text_like(fmt::format("\\$|^({}|yes|no|on|off|0|1)?$", words)));
    return {{"anyOf", any}};
}

void add_scalars(const Key& key, Json& out) {
    if (key.takes & (kText | kModel)) out.push_back({{"type", "string"}});
    if (key.takes & kNumber) {
        out.push_back(number_of(key));
        out.push_back(text_like("\\$|^\\s*-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?\\s*$"));
    }
    if (key.takes & kFixed) out.push_back({{"type", "boolean"}});
    if (key.takes & kFlag) out.push_back({{"$ref", fmt::format("#/$defs/{}", kFlagName)}});
    if (key.takes & kWord) {
        // By name, so that an editor can offer them.
        out.push_back(words_of(key));
        out.push_back(text_like(key.any_case ? fmt::format("\\$|^\\s*({})\\s*$", words_pattern(key))
                                             : "\\$"));
    }
}

Json use_schema() {
    const Json text{{"type", "string"}};
    const Json named{{"type", "array"}, {"prefixItems", Json::array({text})}, {"minItems", 1}};
    const Json object{
        {"type", "object"}, {"properties", {{"name", text}}}, {"required", Json::array({"name"})}};
    return {{"anyOf", Json::array({text, named, object})}};
}

void add_lists(const Key& key, Json& out) {
    Json items = Json::array();
    if (key.takes & (kTexts | kModels)) {
        items.push_back({{"type", "string"}});
        out.push_back({{"type", "string"}});
    }
    if (key.takes & kWords) {
        const std::string word = "(" + words_pattern(key) + ")";
        items.push_back(words_of(key));
        items.push_back(text_like(key.any_case ? "\\$|^" + word + "$" : "\\$"));
        out.push_back(text_like(fmt::format("\\$|^\\s*{0}(\\s*,\\s*{0})*\\s*$", word)));
    }
    if (key.takes & kUses) {
        items.push_back(use_schema());
        out.push_back({{"type", "string"}});
    }
    if (key.takes & kList) items.push_back(reference(*key.members));
    if (items.empty()) return;
    const Json one = items.size() == 1 ? items.front() : Json{{"anyOf", items}};
    out.push_back({{"type", "array"}, {"items", one}});
}

void add_objects(const Key& key, Json& out) {
    if (key.takes & kFree) out.push_back({{"type", "object"}});
    if (key.takes & kNamed)
        out.push_back({{"type", "object"},
                       {"patternProperties", {{std::string(kComments), true}}},
                       {"additionalProperties", reference(*key.members)}});
    if (!(key.takes & kObject)) return;
    if (key.members) out.push_back(reference(*key.members));
    if (key.parts.empty()) return;
    Json parts = Json::array();
    for (const Section* part : key.parts) parts.push_back(reference(*part));
    out.push_back({{"allOf", parts}});
}

Json value_schema(const Key& key) {
    if (key.takes & kAny) return Json::object();
    Json any = Json::array();
    add_scalars(key, any);
    add_lists(key, any);
    add_objects(key, any);
    any.push_back({{"type", "null"}});
    return {{"anyOf", any}};
}

// Without what only Markdown shows.
std::string plain(std::string_view text) {
    std::string out(text);
    for (std::size_t at = out.find(" (["); at != std::string::npos; at = out.find(" ([")) {
        const std::size_t end = out.find("))", at);
        if (end == std::string::npos) break;
        out.erase(at, end + 2 - at);
    }
    std::erase(out, '`');
    return out;
}

std::string description_of(const Key& key) {
    const std::string about = plain(key.about);
    if (key.usual.empty()) return about;
    const std::string usual = "without it: " + plain(key.usual);
    return about.empty() ? usual : about + "; " + usual;
}

// `place`: the section's own, as a JSON pointer.
Json section_schema(const Section& section, const std::string& place) {
    Json properties = Json::object();
    Json patterns = Json::object();
    for (const Key& key : section.keys) {
        Json& value = properties[std::string(key.name)] = value_schema(key);
        if (const std::string text = description_of(key); !text.empty())
            value["description"] = text;
        const Json same{{"$ref", fmt::format("{}/properties/{}", place, key.name)}};
        for (const std::string_view also : key.also) properties[std::string(also)] = same;
        if (!key.any_spelling) continue;
        patterns[in_any_spelling(key.name)] = same;
        for (const std::string_view also : key.also) patterns[in_any_spelling(also)] = same;
    }
    Json out{{"type", "object"}};
    if (!properties.empty()) out["properties"] = properties;
    if (section.others) {
        patterns[std::string(kComments)] = true;
        out["additionalProperties"] = value_schema(*section.others);
    }
    if (!patterns.empty()) out["patternProperties"] = patterns;
    return out;
}

}  // namespace

std::string json_schema() {
    Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
             {"title", "Configuration of ccr"}};
    out.update(section_schema(kTopSection, "#"));
    out["properties"]["$schema"] = {{"type", "string"}};
    out["$defs"][std::string(kFlagName)] = flag_schema();
    for (const Section* section : all_sections()) {
        if (section == &kTopSection) continue;
        const std::string name(section->name);
        out["$defs"][name] = section_schema(*section, "#/$defs/" + name);
    }
    return out.dump(2) + "\n";
}

}  // namespace ccr::config
