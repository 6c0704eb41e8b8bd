// Puts a plain credential where its kind wants it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "config/cloud.h"
#include "net/headers.h"

namespace ccr::auth {

/// For the kinds that need nothing but a key: bearer, x_api_key, query_key, api_key, oauth, none.
/// Takes out what a codec may have put there.
void put_credential(config::Auth kind, std::string_view key, std::string& url,
                    net::Headers& headers);

}  // namespace ccr::auth
