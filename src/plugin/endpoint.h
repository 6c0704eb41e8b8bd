// Addresses that the user's transformers serve themselves (`endPoint`), in a language of their own:
// transformRequestOut makes an OpenAI Chat request of what comes, transformResponseIn makes what
// goes of the Chat answer.
//
// The io_context's thread; one request.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/grants.h"
#include "plugin/link.h"
#include "plugin/request_view.h"

namespace ccr::plugin {

struct Endpoint {
    std::string name;  // the transformer's
    std::string path;  // "/x/:y/z": `:y` stands for any one segment
};

/// Whether `path` is one of the endpoint's.
bool serves(const Endpoint& endpoint, std::string_view path);

/// Asks the host of `grants` for those of its files. Error (config): there is no host.
Result<std::unique_ptr<HostCall>> ask_endpoints(Link& link, const config::Config& config,
                                                const GrantSet& grants);
/// Reads that result.
Result<std::vector<Endpoint>> endpoints_in(const KeptFrame& frame);

/// Hands a client's request to the transformer `name` of `grants`; transformed_by() reads the
/// result. Error (config): there is no host.
Result<std::unique_ptr<HostCall>> ask_endpoint(Link& link, const config::Config& config,
                                               const GrantSet& grants, const std::string& name,
                                               const RequestView& request, std::string_view body);

}  // namespace ccr::plugin
