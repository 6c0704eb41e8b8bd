// Google credentials: a service account's key file, or what `gcloud auth application-default login`
// leaves (docs: "How Application Default Credentials works", Google Cloud).
//
// The file is small and is read for each request, so that a new key counts at once. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "config/cloud.h"

namespace ccr::auth {

struct GoogleCredentials {
    enum class Kind : std::uint8_t { service_account, authorized_user, metadata };
    Kind kind = Kind::service_account;
    std::string token_uri;
    std::string client_email, private_key, private_key_id;  // of a service account
    std::string client_id, client_secret, refresh_token;    // of a user
    std::string project;                                    // "" = the file does not say
    std::string quota_project;  // whom a user's requests are counted for

    /// What tokens are kept under: the same for equal credentials.
    std::string identity() const;
};

/// In the order of Google's own libraries: the named file, the user's file, the metadata server
/// where one is configured. Error: kind permission, saying how to get credentials.
Result<GoogleCredentials> google_credentials(const config::VertexSettings& settings);

/// The text of a credentials file; `title` names it in messages.
Result<GoogleCredentials> parse_google_credentials(std::string_view text, std::string_view title);

}  // namespace ccr::auth
