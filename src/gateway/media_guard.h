// Media guard: what ccr may load for a conversation, decided on the URL and on the answer. The rest
// of the guard, that the address is one of the open internet, stands where the connection is made
// (net::ClientRequest::public_only).
//
// Pure functions; any thread. Errors name the host, never the query, and say what can be done.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/config.h"
#include "net/http_client.h"

namespace ccr::gateway {

/// The request for a file, with `public_only` unless its host is among the allowed ones. Error:
/// invalid_request.
Result<net::ClientRequest> media_request(const std::string& url, const config::Config& config);

/// Where a redirect leads. Error: it leaves https.
Result<std::string> redirect_target(const std::string& from, std::string_view location);

/// Whether an answer of this content type may be an image or a document ("" = it has none).
bool may_be_media(std::string_view content_type);

/// The media type that the first bytes show; nullopt for what is neither image nor PDF.
std::optional<std::string_view> media_type_of_bytes(std::string_view bytes);

/// "host:port" of a URL, for messages.
std::string host_of(const std::string& url);

}  // namespace ccr::gateway
