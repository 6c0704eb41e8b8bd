// What may come next on a command line, for shells that complete it. Reads the configuration for
// names of models, providers and keys; whatever cannot be read completes nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/loader.h"

namespace ccr::cli {

struct Candidate {
    std::string text;
    std::string summary;  // "" = none
};

struct Completion {
    std::vector<Candidate> candidates;  // those that begin with what is typed
    bool files = false;                 // names of files as well
};

/// `line`: all that stands before the cursor, the program's name first.
Completion complete(std::string_view line, const config::Environment& environment);

/// The words of a line as a shell takes them, the last one as far as it is typed.
std::vector<std::string> shell_words(std::string_view line);

}  // namespace ccr::cli
