// Sanitize: a configuration as it may be given away: every credential a variable's name, and
// nothing that belongs to one machine.
//
// Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "manifest/manifest.h"

namespace ccr::manifest {

struct Sanitized {
    Json configuration;
    std::vector<std::string> variables;  // that now stand for what was a credential, each once
    std::vector<std::string> left_out;   // settings of this machine's service
};

/// `configuration` is the file as it is written, variables not replaced, so that those it names
/// stay what they are. A credential is a value whose name says so (also of headers), what looks
/// like a key or a token, the user in a URL, a key in its query, and any text that equals one of
/// these elsewhere. `api_key_command` and `api_key_file` become a variable too: they are of this
/// machine, and a command would be run on others. A variable is called after its provider and its
/// setting (OPENROUTER_API_KEY); equal values share one, others never do.
Sanitized sanitized(const Json& configuration);

}  // namespace ccr::manifest
