#include "auth/google_credentials.h"

#include <fmt/format.h>

#include "auth/credential_error.h"
#include "auth/credential_file.h"
#include "json/document.h"

namespace ccr::auth {
namespace {

using Kind = GoogleCredentials::Kind;

constexpr std::string_view kTokenUri = "https://oauth2.googleapis.com/token";
constexpr std::string_view kNamedFile = "The Google credentials file";
constexpr std::string_view kUserFile = "The application default credentials of gcloud";

std::unexpected<Error> refuse(std::string message) {
    return std::unexpected(credential_error(std::move(message)));
}

Result<void> need(const std::string& value, std::string_view member, std::string_view title) {
    if (!value.empty()) return {};
    return refuse(fmt::format("{} has no {}; download or create it again", title, member));
}

Result<GoogleCredentials> checked(GoogleCredentials out, std::string_view title) {
    if (out.kind == Kind::service_account) {
        TRY_DO(need(out.client_email, "client_email", title));
        TRY_DO(need(out.private_key, "private_key", title));
        return out;
    }
    TRY_DO(need(out.client_id, "client_id", title));
    TRY_DO(need(out.client_secret, "client_secret", title));
    TRY_DO(need(out.refresh_token, "refresh_token", title));
    return out;
}

Result<GoogleCredentials> of_file(const std::string& path, std::string_view title) {
    TRY(const std::optional<std::string> text, read_credential_file(path, title));
    if (!text)
        return refuse(fmt::format(
            "{} does not exist; correct vertex.credentials_file or GOOGLE_APPLICATION_CREDENTIALS",
            title));
    return parse_google_credentials(*text, title);
}

GoogleCredentials of_metadata(const std::string& host) {
    GoogleCredentials out;
    out.kind = Kind::metadata;
    out.token_uri =
        fmt::format("http://{}/computeMetadata/v1/instance/service-accounts/default/token", host);
    return out;
}

}  // namespace

std::string GoogleCredentials::identity() const {
    return fmt::format("{}\n{}\n{}\n{}\n{}", token_uri, client_email, private_key_id, client_id,
                       refresh_token);
}

Result<GoogleCredentials> parse_google_credentials(std::string_view text, std::string_view title) {
    json::Document document;
    const auto root = document.parse(text);
    if (!root || !root->is_object())
        return refuse(fmt::format("{} is not a JSON object; download or create it again", title));
    const auto member = [&](std::string_view name) { return (*root)[name].text().decode(); };
    GoogleCredentials out;
    const std::string type = member("type");
    if (type == "authorized_user")
        out.kind = Kind::authorized_user;
    else if (type != "service_account")
        return refuse(
            fmt::format("{} is of type \"{}\", which ccr cannot use; it takes service_account and "
                        "authorized_user (`gcloud auth application-default login`)",
                        title, type));
    out.token_uri = member("token_uri");
    if (out.token_uri.empty()) out.token_uri = kTokenUri;
    out.client_email = member("client_email");
    out.private_key = member("private_key");
    out.private_key_id = member("private_key_id");
    out.client_id = member("client_id");
    out.client_secret = member("client_secret");
    out.refresh_token = member("refresh_token");
    out.quota_project = member("quota_project_id");
    out.project = member("project_id");
    if (out.project.empty()) out.project = out.quota_project;
    return checked(std::move(out), title);
}

Result<GoogleCredentials> google_credentials(const config::VertexSettings& settings) {
    if (!settings.credentials_file.empty()) return of_file(settings.credentials_file, kNamedFile);
    TRY(const std::optional<std::string> text,
        read_credential_file(settings.default_file, kUserFile));
    if (text) return parse_google_credentials(*text, kUserFile);
    if (!settings.metadata_host.empty()) return of_metadata(settings.metadata_host);
    return refuse(
        "There are no Google credentials: name a key file as vertex.credentials_file or "
        "GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`");
}

}  // namespace ccr::auth
