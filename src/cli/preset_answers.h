// PresetAnswers: what a preset's questions are answered with: on the command line, at the terminal,
// by what was answered before, or by their defaults.
//
// Main thread.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "manifest/manifest.h"

namespace ccr::cli {

/// `set`: "ID=VALUE" from the command line. `asks`: whether somebody may be asked for what is not
/// set; what was answered before, or the default, is offered. Error: an answer that will not do, an
/// id that no question has, or - naming all of them - questions that have no answer.
Result<manifest::Json> collect_answers(const manifest::Manifest& manifest,
                                       const std::vector<std::string>& set, bool asks);

}  // namespace ccr::cli
