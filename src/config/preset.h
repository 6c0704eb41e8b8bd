// Preset: what is known of one provider's API, as data - where it is, what it speaks, what it
// refuses, how it is told to think, what its models hold and cost.
//
// Each stands in a file of its own under adapt/presets/ with the documents it was read from. What
// a document does not say is left out here. Plain values that live as long as the process.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/protocol.h"
#include "config/cloud.h"
#include "json/patch.h"

namespace ccr::config {

/// How a Chat-speaking provider is told to think.
enum class ThinkingStyle : std::uint8_t {
    effort,            // reasoning_effort: "low" ...
    thinking_object,   // thinking: {"type": "enabled" | "disabled"}
    enable_thinking,   // enable_thinking: true | false, thinking_budget: tokens
    reasoning_object,  // reasoning: {"effort": ...} or {"max_tokens": ...}
    none,              // not at all: the model decides
};
std::string_view name_of(ThinkingStyle style);
std::optional<ThinkingStyle> thinking_style_of(std::string_view name);

/// US dollars for a million tokens, on the day they were read.
struct Prices {
    double input = 0, output = 0;
    std::optional<double> cache_read, cache_write;
    std::string_view read_on;
};

/// What differs by model. Absent = not documented.
struct Traits {
    std::optional<std::int64_t> max_output, context_window;
    std::optional<bool> vision;
    std::optional<ThinkingStyle> thinking;
    std::optional<std::vector<std::string>> efforts;  // accepted by reasoning_effort, weakest first
    std::optional<std::string> reasoning_field;  // sent back beside tool calls; "" = none is wanted
    std::optional<std::string> max_tokens_field;  // of Chat requests
    std::optional<bool> cache_marks;      // Chat requests: cache_control on parts of a message
    std::optional<bool> cache_key;        // Chat requests: prompt_cache_key
    std::optional<bool> text_tool_calls;  // calls come as text between tags
    std::optional<bool> media_urls;       // images and documents are taken by their URL
    std::optional<Prices> prices;

    /// Takes over everything that `over` says.
    void overlay(const Traits& over);
};

/// `model` is exact or ends in `*`.
struct ModelTraits {
    std::string model;
    Traits traits;
};

struct PresetWire {
    Protocol speaks;
    std::string url;  // complete; "" = it depends on the installation
};

/// What an endpoint that speaks Anthropic Messages without being Anthropic's does with what only
/// Anthropic knows. Unset = not documented: sent as it is.
struct MessagesDialect {
    std::optional<bool> system_turns;       // role "system" inside messages
    std::optional<bool> adaptive_thinking;  // thinking.type "adaptive"
    std::optional<bool> tool_reference;     // blocks and deferred tools of tool search
    std::optional<bool> betas;              // members that a beta header goes with
    std::optional<bool> attribution;        // the billing line among the system blocks
};

struct Preset {
    std::string name;   // what `preset` in a configuration says
    std::string title;  // for people
    std::vector<std::string> sources;
    std::string read_on;             // "" = not checked against them for this version
    std::vector<std::string> hosts;  // "host", "*.host", "host/path/", "host:port"
    std::vector<PresetWire> wires;   // the first is the default
    std::optional<Auth> auth;        // unset: as the protocol has it
    bool counts_tokens = false;      // its endpoint for that, as its protocol has it
    bool keyless = false;            // works without a key, on any host
    std::string key_variable;        // the usual environment variable
    Traits traits;                   // of models not listed
    std::vector<ModelTraits> models;
    std::vector<std::string> refused;   // members of a Chat request's root that end in an error
    std::vector<std::string> accepted;  // all such members; empty = not documented as a whole
    json::Patches chat_patches;         // further edits of a Chat request
    json::Patches web_search;           // ... whose client asks for a search by the provider
    MessagesDialect messages;
    std::vector<std::string> quirks;  // sentences for docs/providers.md
};

/// All of them, by name.
std::span<const Preset> presets();
/// Compared without case, '_' and '-'; nullptr for an unknown one.
const Preset* find_preset(std::string_view name);
/// The one whose hosts match a URL, the longest match first; nullptr for a stranger.
const Preset* preset_of_url(std::string_view url);

/// What `preset` says of a model.
Traits traits_of(const Preset& preset, std::string_view model);
bool names_model(std::string_view pattern, std::string_view model);

}  // namespace ccr::config
