#include "auth/aws_credentials.h"

#include <fmt/format.h>

#include "auth/credential_error.h"
#include "auth/credential_file.h"

namespace ccr::auth {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const std::size_t from = text.find_first_not_of(kBlank);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    return trimmed(line);
}

// "[work]", and "[profile work]" as the config file beside it writes the same.
std::string_view section_name(std::string_view line) {
    line = trimmed(line.substr(1, line.find(']') - 1));
    constexpr std::string_view kPrefix = "profile ";
    return line.starts_with(kPrefix) ? trimmed(line.substr(kPrefix.size())) : line;
}

}  // namespace

Result<AwsCredentials> aws_profile(std::string_view text, std::string_view profile) {
    AwsCredentials out;
    bool found = false, inside = false;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty() || line[0] == '#' || line[0] == ';') continue;
        if (line[0] == '[') {
            inside = section_name(line) == profile;
            found = found || inside;
            continue;
        }
        const std::size_t equals = line.find('=');
        if (!inside || equals == std::string_view::npos) continue;
        const std::string_view name = trimmed(line.substr(0, equals));
        const std::string_view value = trimmed(line.substr(equals + 1));
        if (name == "aws_access_key_id") out.access_key_id = value;
        if (name == "aws_secret_access_key") out.secret_access_key = value;
        if (name == "aws_session_token") out.session_token = value;
    }
    if (!found) {
        return std::unexpected(credential_error(fmt::format(
            "The AWS credentials file has no profile {}; set aws.profile to one that it "
            "has, or give aws.access_key_id and aws.secret_access_key",
            profile)));
    }
    if (out.access_key_id.empty() || out.secret_access_key.empty()) {
        return std::unexpected(credential_error(fmt::format(
            "The AWS profile {} holds no keys; for a profile that signs in, run `aws "
            "configure export-credentials --profile {} --format env` and start ccr with "
            "what it prints",
            profile, profile)));
    }
    return out;
}

Result<AwsCredentials> aws_credentials(const config::AwsSettings& settings) {
    if (!settings.access_key_id.empty())
        return AwsCredentials{settings.access_key_id, settings.secret_access_key,
                              settings.session_token};
    auto text = read_credential_file(settings.credentials_file, "The AWS credentials file");
    if (!text) return std::unexpected(std::move(text).error());
    if (!*text) {
        return std::unexpected(credential_error(
            "There are no AWS credentials: set aws.access_key_id and aws.secret_access_key, export "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`"));
    }
    return aws_profile(**text, settings.profile);
}

}  // namespace ccr::auth
