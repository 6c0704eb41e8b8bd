#include "doctor/remedy.h"

#include <fmt/format.h>

#include "base/redact.h"
#include "config/key_path.h"

namespace ccr::doctor {
namespace {

std::string unreached(const Reply& reply, const config::Provider& provider) {
    if (reply.message.starts_with("TLS: "))
        return fmt::format(
            "If a private authority signed it, add its certificate to the system's "
            "(ca-certificates); "
            "else {} is not the host it should be, or a proxy stands between.",
            redact::url(provider.base_url));
    return fmt::format("Is {} right, does it run, and is a proxy needed (PROXY_URL)?",
                       redact::url(provider.base_url));
}

std::string late(const config::Provider& provider) {
    return fmt::format(
        "Does {} run, and is it loading the model still? Once it has, `ccr doctor {}` asks again.",
        redact::url(provider.base_url), provider.name);
}

// As a shell takes it.
std::string key_path(const config::Provider& provider, std::size_t number) {
    config::KeyPath path{"Providers", provider.name, "api_key"};
    if (number > 0) path.push_back(std::to_string(number - 1));
    const std::string text = config::key_path_text(path);
    return text.find_first_of("[\" ") == std::string::npos || number > 0 ? text : "'" + text + "'";
}

std::string cloud_remedy(const config::Provider& provider) {
    if (provider.auth == config::Auth::google)
        return "The Google credentials are refused: `gcloud auth application-default login`, or "
               "name a credentials file in the provider's entry.";
    return fmt::format(
        "The AWS credentials are refused: see to {}.",
        provider.aws.access_key_id.empty()
            ? fmt::format("the profile {}",
                          provider.aws.profile.empty() ? "default" : provider.aws.profile)
            : "the access key of the provider's entry or of AWS_ACCESS_KEY_ID");
}

std::string refusal(const Reply& reply, const config::Provider& provider) {
    switch (reply.status) {
        case 404:
            return "The provider has no model of this name, or its URL has another path; compare "
                   "its list of models.";
        case 402:
            return "The account has no credit left.";
        default:
            break;
    }
    if (!reply.reached() || reply.status == 200 || reply.status >= 500)
        return "The provider failed; later it may answer.";
    return fmt::format("`ccr explain` shows what {} would be sent.", provider.name);
}

}  // namespace

std::string key_remedy(const config::Provider& provider, const std::string& variable,
                       std::size_t number) {
    const bool is_cloud =
        provider.auth == config::Auth::sigv4 || provider.auth == config::Auth::google;
    if (is_cloud) return cloud_remedy(provider);
    if (!provider.key_file.empty())
        return fmt::format("The key is refused: put another one into {}.", provider.key_file);
    if (!provider.key_command.empty())
        return "The key is refused: see what the provider's api_key_command prints.";
    if (!variable.empty())
        return fmt::format(
            "The key is refused: set another one as {}; a service that runs takes "
            "it with `ccr restart`.",
            variable);
    return fmt::format("The key is refused: give it another one with `ccr config set {} -`{}.",
                       key_path(provider, number), number > 0 ? ", or take it out" : "");
}

std::string remedy(const Reply& reply, const config::Provider& provider,
                   const std::string& variable) {
    if (reply.answered()) return "";
    if (provider.broken) return "`ccr config check` tells where to mend it.";
    if (reply.kind == kDefect) return "Please report this; other models are asked all the same.";
    if (!reply.connected()) return unreached(reply, provider);
    if (reply.timed_out()) return late(provider);
    if (reply.is_overload())
        return "Too many requests, a quota used up, or an overload; later it may answer.";
    if (reply.status == 401) return key_remedy(provider, variable);
    if (reply.status == 403)
        return "The account may have no right to this model, or the model or this region is not "
               "allowed. Else: " +
               key_remedy(provider, variable);
    return refusal(reply, provider);
}

}  // namespace ccr::doctor
