// ModelRef: a provider and model as configured, "provider,model" parsed at the border. Plain
// values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccr::config {

/// A place in the configuration file, both counted from 1; 0 = the file as a whole.
struct Place {
    int line = 0;
    int column = 0;
};

struct ModelRef {
    std::string provider;
    std::string model;
    Place place;
    friend bool operator==(const ModelRef& a, const ModelRef& b) {
        return a.provider == b.provider && a.model == b.model;
    }
};

/// "provider,model" split at the first comma, blanks trimmed; nullopt without a comma or with an
/// empty half.
std::optional<ModelRef> parse_model_ref(std::string_view text);

/// "provider,model".
std::string to_string(const ModelRef& ref);

}  // namespace ccr::config
