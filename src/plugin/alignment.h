// Alignment: which items of a list came from which of the list before it. Pure functions, any
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ccr::plugin {

/// Where an item comes from.
struct Origin {
    std::optional<std::size_t> before;  // nullopt: it is new
    bool same = false;                  // it was not touched
};

/// For each item of `after`. Equal items keep their order where that keeps most of them; an equal
/// one elsewhere was moved. Of what is left between two that stayed, item by item, `may_become`
/// says whether it was edited into the other.
std::vector<Origin> align(
    const std::vector<std::string>& before, const std::vector<std::string>& after,
    const std::function<bool(std::size_t before, std::size_t after)>& may_become);

}  // namespace ccr::plugin
