#include "cli/claude_onboarding.h"

#include <nlohmann/json.hpp>

#include "base/ids.h"
#include "cli/private_file.h"

namespace ccr::cli {

Result<bool> seed_claude_state(const std::string& user_home) {
    constexpr std::size_t kUserIdBytes = 32;
    const nlohmann::ordered_json state{{"numStartups", 184},
                                       {"autoUpdaterStatus", "enabled"},
                                       {"userID", random_hex(kUserIdBytes)},
                                       {"hasCompletedOnboarding", true},
                                       {"lastOnboardingVersion", "1.0.17"},
                                       {"projects", nlohmann::ordered_json::object()}};
    return create_private_file(user_home + "/.claude.json", state.dump(2));
}

}  // namespace ccr::cli
