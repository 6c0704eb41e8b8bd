// Names of the keys that a configuration may hold, for warnings about all others.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/report.h"

namespace ccr::config {

/// One object's vocabulary. Names of `any_spelling` are compared without case, '_' and '-'.
struct Vocabulary {
    std::string_view of;  // "a provider": for the message
    std::span<const std::string_view> exact;
    std::span<const std::string_view> any_spelling;
    std::span<const std::string_view>
        not_yet;  // known to the reference, without effect in this version
};

const Vocabulary& top_level_keys();
const Vocabulary& provider_keys();
const Vocabulary& router_keys();
const Vocabulary& timeout_keys();
const Vocabulary& retry_keys();
const Vocabulary& media_fetch_keys();
const Vocabulary& api_key_keys();
const Vocabulary& limit_keys();
const Vocabulary& script_keys();
const Vocabulary& permission_keys();
const Vocabulary& tls_keys();
const Vocabulary& hedge_keys();
// Of `plugins`, from the outside in.
const Vocabulary& plugin_keys();
const Vocabulary& token_speed_keys();
const Vocabulary& output_option_keys();
const Vocabulary& output_handler_keys();
const Vocabulary& console_keys();
const Vocabulary& temp_file_keys();
const Vocabulary& webhook_keys();
const Vocabulary& webhook_auth_keys();
const Vocabulary& webhook_retry_keys();

/// The router's scenario names in their usual spelling: "default", "background", ...
std::span<const std::string_view> scenario_names();

/// Whether the vocabulary has this name, or people use such a name for comments ("//...", "_...",
/// "$schema").
bool is_known(const Vocabulary& vocabulary, std::string_view name);

/// Warns about unknown members of `object` and notes those that have no effect yet. `is_used` may
/// vouch for names that the vocabulary does not have (may be empty).
void check_names(const Node& object, const Vocabulary& vocabulary, Report& report,
                 bool (*is_used)(const void* context, const std::string& name) = nullptr,
                 const void* context = nullptr);

}  // namespace ccr::config
