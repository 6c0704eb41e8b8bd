// Cards: what `ccr doctor` found that a model can do, by asking it, kept in the state file for
// every process of a user.
//
// Each call opens the file for itself; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace ccr::store {

/// One model at one endpoint. Absent = not asked, or the answer did not tell.
struct Card {
    std::string provider, model;
    std::string endpoint;  // endpoint_digest(): at another one the card says nothing
    std::optional<bool> streaming, tools, parallel_tools, images, thinking, usage;
    std::optional<std::int64_t> takes_output;  // the largest max_tokens that was taken
    std::optional<std::int64_t> max_output;    // the bound that the provider named
    std::int64_t checked_at = 0;               // milliseconds since 1970
};

/// Names what a provider is asked by - its address, the place on its platform, what shapes requests
/// - without showing it: a URL may hold a key.
std::string endpoint_digest(const config::Provider& provider);

/// All that are kept; nothing where there is no file.
std::vector<Card> read_cards(const std::string& state_file);

/// Takes the place of what was kept of these models. False: the file could not be written, which
/// the log tells of.
bool write_cards(const std::string& state_file, std::span<const Card> cards);

/// Forgets those of a provider and model; "" = of all. How many; nullopt: the file could not be
/// written.
std::optional<std::size_t> forget_cards(const std::string& state_file, std::string_view provider,
                                        std::string_view model);

/// For so long a card says what a model cannot do: providers learn.
inline constexpr std::int64_t kLacksLast = std::int64_t{30} * 24 * 60 * 60 * 1000;  // milliseconds

/// Why a card says nothing, or less: "another address", ...; "" = it is in force.
std::string_view void_because(const Card& card, const config::Config& config, std::int64_t now_ms);

/// Below everything else that is known: only where neither the preset, nor the provider's own list,
/// nor the configuration says something.
void add_cards(std::span<const Card> cards, config::Config& config, std::int64_t now_ms);

/// What the state file has of models: their providers' lists (windows.h) and cards.
void add_learned(const std::string& state_file, config::Config& config);

}  // namespace ccr::store
