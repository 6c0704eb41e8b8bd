// Read on 2026-11-27: github.com/musistudio/claude-code-router, packages/core/src/contracts/app.ts
// (AppConfig, GatewayProviderConfig, RouterConfig) and docs/src/content/docs/en/configuration.
#include "config/import_v3.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/preset.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 10> kTakenAsTheyAre{"API_TIMEOUT_MS",
                                                           "CUSTOM_ROUTER_PATH",
                                                           "PROXY_URL",
                                                           "LOG",
                                                           "LOG_LEVEL",
                                                           "CLAUDE_PATH",
                                                           "NON_INTERACTIVE_MODE",
                                                           "transformers",
                                                           "StatusLine",
                                                           "REWRITE_SYSTEM_PROMPT"};

// Of its desktop application; nothing of them concerns requests.
constexpr std::array<std::string_view, 13> kOfItsWindows{"autoStart",
                                                         "launchAtLogin",
                                                         "observability",
                                                         "overviewWidgets",
                                                         "tray",
                                                         "theme",
                                                         "language",
                                                         "trayWidgets",
                                                         "trayWindowModules",
                                                         "contextArchive",
                                                         "preferredProvider",
                                                         "botGateway",
                                                         "botConfigs"};

struct WireEnd {
    std::string_view type;  // as it names the protocol
    Protocol speaks;
    std::string_view end;  // of a request's URL
};
constexpr std::array kWireEnds = std::to_array<WireEnd>({
    {"openai_chat_completions", Protocol::openai_chat, "/chat/completions"},
    {"openai_responses", Protocol::openai_responses, "/responses"},
    {"anthropic_messages", Protocol::anthropic, "/v1/messages"},
    {"gemini_generate_content", Protocol::gemini, "/v1beta/models/"},
});

std::string text_at(const Node& node, std::initializer_list<std::string_view> folded) {
    return std::string(trimmed(node.any_of(folded).text().value_or("")));
}

// Its URLs are bases; ours are whole.
std::string whole_url(std::string base, const WireEnd& wire) {
    while (base.ends_with('/')) base.pop_back();
    const Preset* const preset = preset_of_url(base + std::string(wire.end));
    for (const PresetWire& known : preset ? preset->wires : std::vector<PresetWire>()) {
        if (known.speaks == wire.speaks && known.url.starts_with(base)) return known.url;
    }
    std::string_view end = wire.end;
    const std::string_view version = end.substr(0, end.find('/', 1));
    if (version.starts_with("/v1") && base.ends_with(version)) end.remove_prefix(version.size());
    while (end.ends_with('/')) end.remove_suffix(1);
    if (!base.ends_with(end)) base += end;
    return wire.speaks == Protocol::gemini ? base + "/" : base;
}

class Import {
  public:
    explicit Import(const Node& root) : root_(root) {}

    Imported run() {
        address();
        keys();
        for (const std::string_view name : kTakenAsTheyAre) take(name);
        providers();
        router();
        rest();
        return {out_.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", std::move(left_)};
    }

  private:
    void leave(std::string what) { left_.push_back(std::move(what)); }

    void take(std::string_view name) {
        const Node value = root_[name];
        if (!value.is_blank()) out_[std::string(name)] = Json::parse(value.json());
    }

    void address() {
        const Node gateway = root_["gateway"];
        const Node host = gateway["host"] ? gateway["host"] : root_["HOST"];
        const Node port = gateway["port"] ? gateway["port"] : root_["PORT"];
        if (!host.is_blank()) out_["HOST"] = host.text().value_or("");
        if (const auto number = port.number()) out_["PORT"] = static_cast<int>(*number);
    }

    // One key guards the door here; theirs may be several, with limits of their own.
    void keys() {
        std::vector<std::string> found;
        if (const auto key = root_["APIKEY"].text(); key && !key->empty()) found.push_back(*key);
        for (const Node& entry : root_["APIKEYS"].elements()) {
            const std::string key = text_at(entry, {"key"});
            if (!key.empty() && std::ranges::find(found, key) == found.end()) found.push_back(key);
        }
        if (found.empty()) return;
        out_["APIKEY"] = found.front();
        if (found.size() > 1)
            leave(fmt::format("{} further client keys (APIKEYS): one key is asked for here",
                              found.size() - 1));
    }

    void providers() {
        out_["Providers"] = Json::array();
        for (const Node& entry : root_.any_of({"providers"}).elements()) {
            if (entry.is_object()) out_["Providers"].push_back(provider(entry));
        }
    }

    Json provider(const Node& entry) {
        const std::string name = text_at(entry, {"name"});
        Json out{{"name", name}};
        std::string url = text_at(entry, {"apibaseurl", "baseurl"});
        const std::string type = text_at(entry, {"type"});
        const auto wire = std::ranges::find(kWireEnds, type, &WireEnd::type);
        if (wire != kWireEnds.end()) url = whole_url(url, *wire);
        if (wire == kWireEnds.end() && !type.empty())
            leave(fmt::format("the protocol {} of provider {}", type, name));
        out["api_base_url"] = url;
        provider_keys(entry, out);
        if (const Node models = entry["models"]; models.is_array())
            out["models"] = Json::parse(models.json());
        if (const Node transformer = entry["transformer"]; !transformer.is_blank())
            out["transformer"] = Json::parse(transformer.json());
        if (entry["enabled"].boolean() == false) out["enabled"] = false;
        for (const char* const lost : {"extraBody", "extraHeaders", "account", "billing"}) {
            if (!entry[lost].is_blank()) leave(fmt::format("{} of provider {}", lost, name));
        }
        windows(entry["modelMetadata"], out);
        return out;
    }

    static void provider_keys(const Node& entry, Json& out) {
        Json keys = Json::array();
        for (const Node& credential : entry.any_of({"credentials", "keys"}).elements()) {
            const std::string key = text_at(credential, {"apikey", "key"});
            if (key.empty() || credential["enabled"].boolean() == false) continue;
            Json one{{"key", key}};
            if (const auto weight = credential["weight"].number()) one["weight"] = *weight;
            keys.push_back(std::move(one));
        }
        const std::string key = text_at(entry, {"apikey"});
        if (keys.size() > 1)
            out["api_keys"] = std::move(keys);
        else
            out["api_key"] = keys.empty() ? key : keys[0]["key"].get<std::string>();
    }

    static void windows(const Node& metadata, Json& out) {
        for (const auto& [model, known] : metadata.members()) {
            const auto window = known["contextWindow"].number();
            if (window)
                out["traits"]["models"][model]["context_window"] =
                    static_cast<std::int64_t>(*window);
        }
    }

    // "Provider/model" of theirs; the provider is the longest name that fits.
    std::optional<std::string> target(const std::string& theirs) const {
        if (theirs.find(',') != std::string::npos) return theirs;
        std::string best;
        for (const Json& provider : out_["Providers"]) {
            const auto name = provider.value("name", "");
            if (theirs.starts_with(name + "/") && name.size() > best.size()) best = name;
        }
        if (best.empty()) return std::nullopt;
        return best + "," + theirs.substr(best.size() + 1);
    }

    void route(const char* name, const std::string& theirs, const char* from) {
        if (theirs.empty()) return;
        if (const auto ours = target(theirs))
            out_["Router"][name] = *ours;
        else
            leave(fmt::format("{} names {}, which none of the providers has", from, theirs));
    }

    void router() {
        out_["Router"] = Json::object();
        const Node claude = root_["profile"]["claudeCode"];
        route("default", text_at(claude, {"model"}), "profile.claudeCode.model");
        std::string small = text_at(claude, {"smallfastmodel"});
        if (small.empty()) small = text_at(claude, {"haikumodel"});
        route("background", small, "profile.claudeCode.smallFastModel");
        for (const char* const slot : {"opus", "sonnet"}) {
            const auto ours = target(text_at(claude, {fmt::format("{}model", slot)}));
            if (ours) out_["Router"]["models"][slot] = *ours;
        }
        const Node theirs = root_["Router"];
        for (const char* const name :
             {"default", "background", "think", "longContext", "webSearch", "image"}) {
            if (const auto old = theirs[name].text()) route(name, *old, name);
        }
        for (const Node& rule : theirs["rules"].elements()) take_rule(rule);
        if (!out_["Router"].contains("default")) first_model_as_default();
        fallback(theirs["fallback"]);
    }

    void first_model_as_default() {
        for (const Json& provider : out_["Providers"]) {
            const Json models = provider.value("models", Json::array());
            if (models.empty() || !models[0].is_string()) continue;
            out_["Router"]["default"] =
                provider.value("name", "") + "," + models[0].get<std::string>();
            leave("a default model: it has none; the first of the list is Router.default now");
            return;
        }
    }

    void fallback(const Node& theirs) {
        const std::string mode = text_at(theirs, {"mode"});
        if (mode == "retry") out_["retry"] = {{"max", theirs["retryCount"].number().value_or(1)}};
        if (mode != "model-chain") return;
        for (const Node& model : theirs["models"].elements()) {
            if (const auto ours = target(model.text().value_or("")))
                out_["fallback"]["default"].push_back(*ours);
        }
    }

    void take_rule(const Node& rule) {
        if (rule["enabled"].boolean() == false) return;
        std::string name = text_at(rule, {"name"});
        if (name.empty()) name = text_at(rule, {"id"});
        const Json when = condition(rule);
        const auto use = target(rule_target(rule));
        if (when.empty() || !use)
            return leave(
                fmt::format("the rule \"{}\": write it anew as one of Router.rules", name));
        out_["Router"]["rules"].push_back({{"name", name}, {"when", when}, {"use", *use}});
    }

    static std::string rule_target(const Node& rule) {
        const std::string direct = text_at(rule, {"target"});
        if (!direct.empty()) return direct;
        const std::vector<Node> rewrites = rule["rewrites"].elements();
        const Node only = rewrites.size() == 1 ? rewrites.front() : rule["rewrite"];
        return text_at(only, {"key"}) == "request.body.model" ? text_at(only, {"value"}) : "";
    }

    // {} for what cannot be said here.
    static Json condition(const Node& rule) {
        if (text_at(rule, {"type"}) == "model-prefix")
            return {{"model", text_at(rule, {"pattern"}) + "*"}};
        const Node given = rule["condition"];
        const std::string operation = text_at(given, {"operator"});
        std::string value = text_at(given, {"right"});
        if (operation == "starts-with")
            value += "*";
        else if (operation == "contains")
            value = "*" + value + "*";
        else if (operation != "==")
            return Json::object();
        const std::string left = text_at(given, {"left"});
        constexpr std::string_view kHeader = "request.header.";
        if (left == "request.body.model") return {{"model", value}};
        if (left.starts_with(kHeader)) return {{"headers", {{left.substr(kHeader.size()), value}}}};
        return Json::object();
    }

    void rest() {
        constexpr std::array<std::string_view, 9> kTold{"APIKEY",    "APIKEYS",   "gateway",
                                                        "HOST",      "PORT",      "Router",
                                                        "Providers", "providers", "profile"};
        for (const auto& [name, value] : root_.members()) {
            const auto is_in = [&](const auto& names) {
                return std::ranges::find(names, name) != names.end();
            };
            if (value.is_blank() || is_in(kTold) || is_in(kTakenAsTheyAre)) continue;
            if (is_in(kOfItsWindows)) continue;
            const Node enabled = value["enabled"];
            if (enabled.boolean() == false) continue;
            leave(name);
        }
    }

    const Node& root_;
    Json out_ = Json::object();
    std::vector<std::string> left_;
};

}  // namespace

bool is_version_3(const Node& root) {
    const Node router = root["Router"];
    return router["builtInRules"].is_object() || router["fallback"].is_object() ||
           root["APIKEYS"].is_array() || root["gateway"].is_object() || root["profile"].is_object();
}

Imported import_version_3(const Node& root) {
    return Import(root).run();
}

}  // namespace ccr::config
