#include "store/cards.h"

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

// The configuration stands above `learned` anyway.
config::Traits news_of(const Card& card, const config::Provider& provider) {
    const config::Traits known =
        provider.preset ? config::traits_of(*provider.preset, card.model) : config::Traits{};
    config::Traits out;
    if (!known.vision) out.vision = card.images;
    if (!known.max_output) out.max_output = card.max_output;
    return out;
}

void learn(std::span<const Card> cards, config::Provider& provider) {
    const std::string endpoint = endpoint_digest(provider);
    std::vector<config::ModelTraits> learned;
    for (const Card& card : cards) {
        if (card.provider == provider.name && card.endpoint == endpoint)
            learned.push_back({card.model, news_of(card, provider)});
    }
    // In front: what a list says of the same model is laid over it.
    provider.learned.insert(provider.learned.begin(), learned.begin(), learned.end());
}

}  // namespace

std::string endpoint_digest(const config::Provider& provider) {
    return digest({provider.base_url, name_of(provider.speaks)});
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

void add_cards(std::span<const Card> cards, config::Config& config) {
    for (config::Provider& provider : config.providers) {
        learn(cards, provider);
        for (config::Provider& with_key : provider.by_key) learn(cards, with_key);
    }
}

void add_learned(const std::string& state_file, config::Config& config) {
    add_windows(read_windows(state_file), config);
    add_cards(read_cards(state_file), config);
}

}  // namespace ccr::store
