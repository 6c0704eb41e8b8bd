// ModelList: asks a provider for its list of models, for how much each holds.
//
// fetch_windows() runs on its client's thread; the rest is pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "net/http_client.h"
#include "store/windows.h"

namespace ccr::gateway {

/// Where `provider` lists its models, beside the URL that it is asked at. Error (not_supported):
/// that cannot be told, as on a cloud's platform.
Result<std::string> model_list_url(const config::Provider& provider);

/// What a list says, of the models that it says something of.
std::vector<store::Window> windows_in(std::string_view list);

/// Error: what the provider or the network said.
net::Task<Result<std::vector<store::Window>>> fetch_windows(net::HttpClient& client,
                                                            const config::Provider& provider,
                                                            std::string proxy);

}  // namespace ccr::gateway
