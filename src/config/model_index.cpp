#include "config/model_index.h"

#include "base/text_case.h"
#include "config/config.h"

namespace ccr::config {

ModelIndex::ModelIndex(const std::vector<Provider>& providers) {
    add(providers, false);
    add(providers, true);
}

void ModelIndex::add(const std::vector<Provider>& providers, bool broken) {
    for (std::size_t p = 0; p < providers.size(); ++p) {
        if (providers[p].broken.has_value() != broken) continue;
        const std::vector<std::string>& models = providers[p].models;
        for (std::size_t m = 0; m < models.size(); ++m) {
            const Place place{p, m};
            exact_.try_emplace(models[m], place);
            folded_.try_emplace(lower_case(models[m]), place);
        }
    }
}

std::optional<ModelIndex::Place> ModelIndex::find(std::string_view model) const {
    if (const auto found = exact_.find(model); found != exact_.end()) return found->second;
    const auto found = folded_.find(lower_case(model));
    if (found == folded_.end()) return std::nullopt;
    return found->second;
}

}  // namespace ccr::config
