// What the tests of this room share: configurations from text and an environment from pairs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/loader.h"

namespace ccr::config::fixture {

using Variables = std::map<std::string, std::string, std::less<>>;

Environment environment(Variables variables = {});

/// parse_config of "test.json"; fails the test when the text cannot be parsed.
Config parsed(std::string_view text, Variables variables = {});

/// A configuration with these providers (JSON5 list elements) and a Router that silences its
/// warning.
Config with_provider(std::string_view provider, Variables variables = {});

std::vector<std::string> codes(const Config& config);
bool has(const Config& config, std::string_view code);
/// The first finding of this code; fails the test when there is none.
Finding found(const Config& config, std::string_view code);

}  // namespace ccr::config::fixture
