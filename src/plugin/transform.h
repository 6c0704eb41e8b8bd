// The user's transformers (`transformers`), on one attempt's request.
//
// The io_context's thread; one attempt.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/link.h"
#include "plugin/request_view.h"

namespace ccr::plugin {

/// Those that one attempt passes: the provider's in order, then the model's.
std::vector<const config::TransformerUse*> scripts_of(const config::Provider& provider,
                                                      std::string_view model);

/// Which of `names` the files of a set register, and why some cannot be loaded.
struct RegisteredNames {
    std::vector<std::string> names;
    std::vector<std::string> problems;
};
/// Asks the host of `grants` for them. Error (config): there is no host.
Result<std::unique_ptr<HostCall>> ask_names(Link& link, const config::Config& config,
                                            const GrantSet& grants,
                                            const std::vector<const config::TransformerUse*>& use);
/// Reads that result.
Result<RegisteredNames> names_in(const KeptFrame& frame);

/// What they are asked. Views; they must live until the result is here.
struct TransformQuestion {
    RequestView request;
    const config::Provider& provider;
    std::string_view model;
    const GrantSet& grants;  // of all in `use`
    const std::vector<const config::TransformerUse*>& use;
    std::string_view body;  // as it is encoded for the provider
};

/// What they made of the request.
struct Transformed {
    std::optional<std::string> body;  // nullopt: it is as it was
    std::string url;                  // "" = the provider's
    /// nullopt takes the header away.
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    bool answers = false;               // the answer passes them, too
    std::vector<std::string> failures;  // of those that were left out, in words
};

/// Error (config): there is no host.
Result<std::unique_ptr<HostCall>> ask_transformers(Link& link, const config::Config& config,
                                                   const TransformQuestion& question);

/// Reads a result.
Result<Transformed> transformed_by(KeptFrame frame);

}  // namespace ccr::plugin
