// How a provider is reached that is more than a URL and a key: the platform it is hosted on, the
// kind of credential it takes, and what either needs to know.
//
// Plain values of a snapshot. The environment has been asked already; files that hold credentials
// are named here and read when a request needs them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ccr::config {

/// How the credential travels.
enum class Auth : std::uint8_t {
    bearer,     // Authorization: Bearer <api_key>
    x_api_key,  // x-api-key: <api_key>
    query_key,  // ?key=<api_key>
    none,       // not at all
    api_key,    // api-key: <api_key> (Azure)
    oauth,      // Authorization: Bearer <api_key>, an OAuth token of an Anthropic account
    sigv4,      // each request signed (AWS Signature Version 4)
    google,     // Authorization: Bearer <token>, fetched with Google credentials
};
std::string_view name_of(Auth auth);
/// Compared without case, '_' and '-'.
std::optional<Auth> auth_of(std::string_view name);

/// Where the protocol is hosted: decides addresses and a few members of the body.
enum class Platform : std::uint8_t { direct, vertex, bedrock, azure };

struct VertexSettings {
    std::string project;           // "" = the credentials name it
    std::string location;          // "us-east5", "global", "eu", ...
    std::string credentials_file;  // "" = application default credentials
    std::string default_file;      // where gcloud leaves those of the user
    std::string metadata_host;     // "" = no metadata server is asked
};

struct AwsSettings {
    std::string region;
    std::string access_key_id, secret_access_key, session_token;  // "" = from the profile
    std::string profile;
    std::string credentials_file;
    std::optional<std::string> betas;  // comma list let through, in place of the documented one
};

struct AzureSettings {
    std::string deployment;   // "" = the model's name
    std::string api_version;  // "" = the v1 API, which needs none
};

}  // namespace ccr::config
