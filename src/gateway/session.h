// Session: which conversation a request belongs to. Pure functions.
#pragma once

#include <string>

#include "json/document.h"
#include "net/headers.h"

namespace ccr::gateway {

/// The client's session id: the header of Claude Code (x-claude-code-session-id) or of others
/// (session-id, x-session-id), else metadata.user_id as JSON text with `session_id`, else its older
/// form
/// "..._session_<id>"; "" when there is none.
std::string session_of(const net::Headers& headers, json::View body);

}  // namespace ccr::gateway
