// What is kept of models' windows, and where it stands among what else is known of them.
#include "store/windows.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/ids.h"

namespace ccr::store {
namespace {

TEST(Windows, AreKeptPerProviderAndReplacedAsAWhole) {
    const auto directory = std::filesystem::temp_directory_path() / new_id("ccr-windows-");
    const std::string file = (directory / "state.sqlite").string();
    EXPECT_TRUE(read_windows(file).empty());
    const Window a{"a", 10, {}}, b{"b", {}, 20}, c{"c", 30, 3};
    ASSERT_TRUE(write_windows(file, "p", std::vector{a, b}));
    ASSERT_TRUE(write_windows(file, "q", std::vector{c}));
    EXPECT_EQ(read_windows(file).size(), 3u);
    ASSERT_TRUE(write_windows(file, "p", std::vector{b}));
    const auto kept = read_windows(file);
    ASSERT_EQ(kept.size(), 2u);
    EXPECT_EQ(kept[0].provider + kept[0].window.model, "qc");
    EXPECT_EQ(kept[1].provider + kept[1].window.model, "pb");
    EXPECT_FALSE(kept[1].window.context);
    EXPECT_EQ(kept[1].window.output, 20);
    ASSERT_TRUE(write_windows(file, "p", {}));
    EXPECT_EQ(read_windows(file).size(), 1u);
    std::filesystem::remove_all(directory);
}

TEST(Windows, StandBetweenThePresetAndTheConfiguration) {
    config::Preset preset;
    preset.traits.context_window = 1;
    preset.traits.vision = true;
    config::Config config;
    config.providers.resize(1);
    config::Provider& provider = config.providers[0];
    provider.name = "p";
    provider.preset = &preset;
    provider.by_key = {provider, provider};
    add_windows(std::vector<KeptWindow>{{"p", {"m", 7, 8}, 0}, {"q", {"m", 9, 9}, 0}}, config);
    EXPECT_EQ(config::traits_of(provider, "m").context_window, 7);
    EXPECT_EQ(config::traits_of(provider.by_key[1], "m").max_output, 8);
    EXPECT_EQ(config::traits_of(provider, "m").vision, true);
    EXPECT_EQ(config::traits_of(provider, "n").context_window, 1);
    provider.traits.context_window = 5;
    EXPECT_EQ(config::traits_of(provider, "m").context_window, 5);
    add_windows({}, config);
    EXPECT_FALSE(config::traits_of(provider, "m").max_output);
}

}  // namespace
}  // namespace ccr::store
