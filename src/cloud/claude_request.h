// A Messages request as Vertex and Bedrock take it: the model in the address, the version in the
// body. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/loss.h"
#include "config/config.h"
#include "net/headers.h"

namespace ccr::cloud {

/// The platform's form of `body`, a valid Messages request. `betas` are the client's, from its
/// headers. Every other member keeps its bytes; what is left out and was meant is a loss.
std::string claude_body(const config::Provider& provider, std::string body,
                        const std::vector<std::string>& betas, chat::Losses& losses);

/// Takes out the header fields that stand in the body there, and names the framing asked for.
void claude_headers(const config::Provider& provider, bool stream, net::Headers& headers);

/// `body` without its betas, when `refusal` says that they are what Bedrock did not take: which
/// ones a model takes is written down nowhere. Empty otherwise.
std::string without_refused_betas(const config::Provider& provider, std::string_view body,
                                  std::string_view refusal, chat::Losses& losses);

/// The values of every anthropic-beta field.
std::vector<std::string> betas_of(const net::Headers& headers);

}  // namespace ccr::cloud
