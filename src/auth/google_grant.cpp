#include "auth/google_grant.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <ctime>
#include <memory>

#include "auth/credential_error.h"
#include "base/base64.h"
#include "base/percent.h"
#include "base/redact.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::auth {
namespace {

using Kind = GoogleCredentials::Kind;
using std::chrono::seconds;

constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr seconds kLife{3600};  // the longest that Google accepts
constexpr seconds kTolerableSkew{60};

struct Release {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Release>;

std::unexpected<Error> refuse(std::string message) {
    return std::unexpected(credential_error(std::move(message)));
}

// Without a password: an encrypted key would otherwise ask for one on the terminal.
Owned<EVP_PKEY> read_key(const std::string& pem) {
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::string no_password;
    return Owned<EVP_PKEY>(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_password.data()));
}

Result<std::string> rs256(const std::string& pem, const std::string& text) {
    const Owned<EVP_PKEY> key = read_key(pem);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return refuse(
            "The private_key of the Google service account is no readable RSA key; create a new "
            "key "
            "for the account and name its file");
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    std::size_t size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::string out;
    const bool sized =
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1;
    out.resize(size);
    if (!sized || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                                 bytes, text.size()) != 1)
        return refuse("The Google service account's assertion could not be signed");
    out.resize(size);
    return out;
}

std::int64_t unix_seconds(WallTime time) {
    return std::chrono::duration_cast<seconds>(time.time_since_epoch()).count();
}

// "Date: Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::optional<WallTime> date_of(const net::Headers& headers) {
    const auto text = headers.get("date");
    if (!text) return std::nullopt;
    std::tm utc{};
    if (strptime(std::string(*text).c_str(), "%a, %d %b %Y %H:%M:%S", &utc) == nullptr)
        return std::nullopt;
    return std::chrono::system_clock::from_time_t(timegm(&utc));
}

// A wrong clock makes every assertion worthless, and Google's words for it tell few people so.
std::string clock_hint(const net::Headers& headers, WallTime now) {
    const auto theirs = date_of(headers);
    if (!theirs) return "";
    const seconds ahead = std::chrono::duration_cast<seconds>(now - *theirs);
    if (std::chrono::abs(ahead) <= kTolerableSkew) return "";
    return fmt::format("; this machine's clock is {} s {} Google's, set it right",
                       std::chrono::abs(ahead).count(), ahead.count() > 0 ? "ahead of" : "behind");
}

std::string_view next_step(const GoogleCredentials& credentials) {
    switch (credentials.kind) {
        case Kind::authorized_user:
            return "run `gcloud auth application-default login` again";
        case Kind::service_account:
            return "create a new key for the service account and name its file";
        case Kind::metadata:
            break;
    }
    return "give this machine a service account with access to Vertex AI";
}

Error refused(const GoogleCredentials& credentials, const TokenAnswer& answer, WallTime now) {
    json::Document document;
    const auto root = document.parse(answer.body);
    const json::View object = root && root->is_object() ? *root : json::View();
    const std::string code = object["error"].text().decode();
    const std::string words = object["error_description"].text().decode();
    const std::string said =
        fmt::format("{}{}{}", code, !code.empty() && !words.empty() ? ": " : "", words);
    const std::string message =
        fmt::format("Google gave no access token (HTTP {}{}{})", answer.status,
                    said.empty() ? "" : ", ", redact::text(said));
    if (answer.status == 429 || answer.status >= 500) {
        Error error = make_error(ErrorKind::upstream_failure, message);
        return error;
    }
    const std::string hint = clock_hint(answer.headers, now);
    if (!hint.empty()) return credential_error(message + hint);
    return credential_error(fmt::format("{}; {}", message, next_step(credentials)));
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
    std::string out;
    for (const auto& [name, value] : members)
        out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, percent_encode(value));
    return out;
}

}  // namespace

Result<std::string> service_account_jwt(const GoogleCredentials& credentials, WallTime now) {
    std::string header, claims;
    json::Writer(header)
        .open_object()
        .member("alg", std::string_view("RS256"))
        .member("typ", std::string_view("JWT"))
        .member("kid", std::string_view(credentials.private_key_id))
        .close_object();
    const std::int64_t issued = unix_seconds(now);
    json::Writer(claims)
        .open_object()
        .member("iss", std::string_view(credentials.client_email))
        .member("scope", kScope)
        .member("aud", std::string_view(credentials.token_uri))
        .member("iat", issued)
        .member("exp", issued + kLife.count())
        .close_object();
    const std::string signed_part = base64url_encode(header) + "." + base64url_encode(claims);
    TRY(const std::string signature, rs256(credentials.private_key, signed_part));
    return signed_part + "." + base64url_encode(signature);
}

Result<TokenRequest> token_request(const GoogleCredentials& credentials, WallTime now) {
    TokenRequest out{"POST", credentials.token_uri, "", {}};
    if (credentials.kind == Kind::metadata) {
        out.method = "GET";
        out.headers.add("metadata-flavor", "Google");
        return out;
    }
    out.headers.add("content-type", "application/x-www-form-urlencoded");
    if (credentials.kind == Kind::authorized_user) {
        out.body = form({{"grant_type", "refresh_token"},
                         {"client_id", credentials.client_id},
                         {"client_secret", credentials.client_secret},
                         {"refresh_token", credentials.refresh_token}});
        return out;
    }
    TRY(const std::string assertion, service_account_jwt(credentials, now));
    out.body = form({{"grant_type", kJwtBearer}, {"assertion", assertion}});
    return out;
}

Result<AccessToken> read_token_answer(const GoogleCredentials& credentials,
                                      const TokenAnswer& answer, WallTime now) {
    if (answer.status < 200 || answer.status >= 300)
        return std::unexpected(refused(credentials, answer, now));
    json::Document document;
    const auto root = document.parse(answer.body);
    const json::View object = root && root->is_object() ? *root : json::View();
    AccessToken out;
    out.value = object["access_token"].text().decode();
    out.lives = seconds(object["expires_in"].integer().value_or(kLife.count()));
    if (out.value.empty())
        return fail(ErrorKind::upstream_protocol,
                    "Google's token endpoint answered 200 without an access_token; check token_uri "
                    "in the credentials file");
    return out;
}

}  // namespace ccr::auth
