// ModelIndex: which provider lists a model, asked by the model's name alone.
//
// Built once per snapshot, then only read, from any thread. Holds positions, so that a copied
// Config has a valid index too.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ccr::config {

struct Provider;

class ModelIndex {
  public:
    struct Place {
        std::size_t provider = 0;
        std::size_t model = 0;
    };

    ModelIndex() = default;
    /// Where several providers list a model the first counts, but one that works before one that
    /// is broken.
    explicit ModelIndex(const std::vector<Provider>& providers);

    /// By the exact name, else by the name without its case.
    std::optional<Place> find(std::string_view model) const;

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    using Names = std::unordered_map<std::string, Place, Hash, std::equal_to<>>;

    void add(const std::vector<Provider>& providers, bool broken);

    Names exact_, folded_;
};

}  // namespace ccr::config
