// Settings: the configuration that a preset comes to with its answers.
//
// Pure but for asking whether a file exists; any thread.
#pragma once

#include "base/error.h"
#include "config/json5.h"
#include "manifest/manifest.h"

namespace ccr::manifest {

/// The preset's own configuration: its template, or else its members that are neither metadata nor
/// what makes it dynamic, with `#{id}` (and `{{id}}` where `id` is a question) replaced by answers,
/// its mappings applied, and the paths of its scripts made absolute. Without questions and answers
/// nothing is replaced. Values keep their places in the manifest. What `ccr NAME` alone looks at is
/// still in it; variables of the environment are not replaced yet. Error: a mapping whose target is
/// no place.
Result<config::Document> settings_of(const Manifest& manifest);

/// The same without what `ccr NAME` alone looks at: a configuration.
Result<config::Document> configuration_of(const Manifest& manifest);

}  // namespace ccr::manifest
