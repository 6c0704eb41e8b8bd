// The address of a request on the platform that hosts its model. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "config/config.h"

namespace ccr::cloud {

struct Call {
    std::string_view model;
    bool stream = false;
    std::string_view project;  // that the credentials name; used where the settings name none
};

/// `url` is what the protocol's codec made of the provider's URL; it stays on a platform `direct`
/// and where the configured URL is complete. Error (kind config): a setting is missing.
Result<std::string> address(const config::Provider& provider, const Call& call, std::string url);

}  // namespace ccr::cloud
