// Where the keys for signed AWS requests come from: the settings, or a profile of the shared
// credentials file ("Configuration and credential file settings", AWS CLI User Guide).
//
// The file is small and is read for each request, so that renewed keys count at once. Any thread.
#pragma once

#include "auth/sigv4.h"
#include "base/error.h"
#include "config/cloud.h"

namespace ccr::auth {

/// Error: kind permission, saying what is missing and how to get it.
Result<AwsCredentials> aws_credentials(const config::AwsSettings& settings);

/// The keys of one profile in the text of a credentials file.
Result<AwsCredentials> aws_profile(std::string_view text, std::string_view profile);

}  // namespace ccr::auth
