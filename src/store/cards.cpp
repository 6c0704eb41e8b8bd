#include "store/cards.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "json/document.h"
#include "json/writer.h"
#include "store/digest.h"
#include "store/state_file.h"
#include "store/windows.h"

namespace ccr::store {
namespace {

constexpr std::string_view kKind = "card";
constexpr std::size_t kMostBytes = 64u << 20;  // as State has it

using Flag = std::optional<bool> Card::*;
using Number = std::optional<std::int64_t> Card::*;
constexpr std::array<std::pair<std::string_view, Flag>, 6> kFlags{
    {{"streaming", &Card::streaming},
     {"tools", &Card::tools},
     {"parallel_tools", &Card::parallel_tools},
     {"images", &Card::images},
     {"thinking", &Card::thinking},
     {"usage", &Card::usage}}};
constexpr std::array<std::pair<std::string_view, Number>, 2> kNumbers{
    {{"takes_output", &Card::takes_output}, {"max_output", &Card::max_output}}};

std::string key_of(std::string_view provider, std::string_view model) {
    return std::string(provider) + "\n" + std::string(model);
}

Record record_of(const Card& card) {
    std::string value;
    json::Writer w(value);
    w.open_object().member("endpoint", std::string_view(card.endpoint));
    for (const auto& [name, flag] : kFlags) {
        if (card.*flag) w.key(name).boolean(*(card.*flag));
    }
    for (const auto& [name, number] : kNumbers) {
        if (card.*number) w.member(name, *(card.*number));
    }
    w.close_object();
    return {std::string(kKind), key_of(card.provider, card.model), std::move(value),
            card.checked_at};
}

std::optional<Card> read(const Record& record) {
    const std::size_t end = record.key.find('\n');
    json::Document document;
    const auto root = document.parse(record.value);
    if (end == std::string::npos || !root) return std::nullopt;
    Card out;
    out.provider = record.key.substr(0, end);
    out.model = record.key.substr(end + 1);
    out.checked_at = record.used_at;
    out.endpoint = (*root)["endpoint"].text().decode();
    for (const auto& [name, flag] : kFlags) out.*flag = (*root)[name].boolean();
    for (const auto& [name, number] : kNumbers) out.*number = (*root)[name].integer();
    return out;
}

bool is_aged(const Card& card, std::int64_t now_ms) {
    return now_ms - card.checked_at > kLacksLast;
}

// The configuration stands above `learned` anyway.
config::Traits news_of(const Card& card, const config::Provider& provider, std::int64_t now_ms) {
    const config::Traits known =
        provider.preset ? config::traits_of(*provider.preset, card.model) : config::Traits{};
    config::Traits out;
    const bool is_old = is_aged(card, now_ms);
    if (!known.vision && (card.images != false || !is_old)) out.vision = card.images;
    if (!known.max_output && !is_old) out.max_output = card.max_output;
    return out;
}

void learn(std::span<const Card> cards, config::Provider& provider, std::int64_t now_ms) {
    const auto is_of_provider = [&](const Card& card) { return card.provider == provider.name; };
    if (std::ranges::none_of(cards, is_of_provider)) return;
    const std::string endpoint = endpoint_digest(provider);
    std::vector<config::ModelTraits> learned;
    for (const Card& card : cards) {
        if (is_of_provider(card) && card.endpoint == endpoint)
            learned.push_back({card.model, news_of(card, provider, now_ms)});
    }
    // In front: what a list says of the same model is laid over it.
    provider.learned.insert(provider.learned.begin(), learned.begin(), learned.end());
}

void write_uses(json::Writer& w, std::string_view name,
                const std::vector<config::TransformerUse>& uses) {
    w.key(name).open_array();
    for (const config::TransformerUse& use : uses) w.string(use.name).string(use.options);
    w.close_array();
}

void write_condition(json::Writer& w, std::string_view name,
                     const std::optional<json::PatchCondition>& condition) {
    if (!condition) return;
    w.key(name).open_array().string(condition->pointer).string(condition->value);
    w.integer(static_cast<std::int64_t>(condition->kind)).close_array();
}

void write_patch(json::Writer& w, const config::ProviderPatch& patch) {
    const json::WirePatch& edit = patch.patch;
    w.open_object().member("kind", static_cast<std::int64_t>(edit.kind));
    w.member("pointer", std::string_view(edit.pointer));
    w.member("value", std::string_view(edit.value));
    if (edit.least) w.member("least", std::string_view(std::to_string(*edit.least)));
    if (edit.most) w.member("most", std::string_view(std::to_string(*edit.most)));
    write_condition(w, "when", edit.when);
    write_condition(w, "where", edit.where);
    w.key("models").open_array();
    for (const std::string& model : patch.models) w.string(model);
    w.close_array().close_object();
}

// What shapes a provider's requests beside its address.
std::string shape_of(const config::Provider& provider) {
    std::string out;
    json::Writer w(out);
    w.open_object();
    write_uses(w, "use", provider.use);
    w.key("models").open_array();
    for (const config::ModelTransformers& one : provider.model_use) {
        w.open_object().member("model", std::string_view(one.model));
        write_uses(w, "use", one.use);
        w.close_object();
    }
    w.close_array().key("patch").open_array();
    for (const config::ProviderPatch& patch : provider.patch) write_patch(w, patch);
    w.close_array().close_object();
    return out;
}

}  // namespace

std::string endpoint_digest(const config::Provider& provider) {
    return digest({provider.base_url, name_of(provider.speaks), provider.vertex.project,
                   provider.vertex.location, provider.aws.region, provider.azure.deployment,
                   provider.azure.api_version, shape_of(provider)});
}

std::string_view void_because(const Card& card, const config::Config& config, std::int64_t now_ms) {
    const config::Provider* const provider = config.find_provider(card.provider);
    if (provider == nullptr) return "no such provider";
    if (card.endpoint != endpoint_digest(*provider)) return "another address";
    const bool says_lacks = card.images == false || card.max_output;
    return says_lacks && is_aged(card, now_ms) ? "too old" : "";
}

std::vector<Card> read_cards(const std::string& state_file) {
    std::vector<Card> out;
    StateFile file(state_file, kMostBytes);
    for (const Record& record : file.read(kKind)) {
        if (auto card = read(record)) out.push_back(*std::move(card));
    }
    return out;
}

bool write_cards(const std::string& state_file, std::span<const Card> cards) {
    std::vector<Change> changes;
    for (const Card& card : cards) changes.push_back({Change::Kind::put, record_of(card)});
    return changes.empty() || StateFile(state_file, kMostBytes).write(changes);
}

std::optional<std::size_t> forget_cards(const std::string& state_file, std::string_view provider,
                                        std::string_view model) {
    StateFile file(state_file, kMostBytes);
    std::vector<Change> changes;
    for (const Record& old : file.read(kKind)) {
        const bool is_meant =
            provider.empty() || (model.empty() ? old.key.starts_with(key_of(provider, ""))
                                               : old.key == key_of(provider, model));
        if (is_meant) changes.push_back({Change::Kind::remove, {old.kind, old.key, "", 0}});
    }
    if (!changes.empty() && !file.write(changes)) return std::nullopt;
    return changes.size();
}

void add_cards(std::span<const Card> cards, config::Config& config, std::int64_t now_ms) {
    for (config::Provider& provider : config.providers) {
        learn(cards, provider, now_ms);
        for (config::Provider& with_key : provider.by_key) learn(cards, with_key, now_ms);
    }
}

void add_learned(const std::string& state_file, config::Config& config) {
    add_windows(read_windows(state_file), config);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    add_cards(read_cards(state_file), config,
              std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace ccr::store
