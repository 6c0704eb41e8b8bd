// Manifest: what a preset of the user's is (`presets/NAME/manifest.json`): where it came from, what
// it asks, and the configuration it comes to with the answers.
//
// A plain value; one thread at a time. The preset's id is the name of its directory, whatever the
// file calls it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/json5.h"

namespace ccr::manifest {

using Json = nlohmann::ordered_json;

inline constexpr std::string_view kFileName = "manifest.json";

/// The members that describe a preset: name, version, description, author, homepage, repository,
/// license, keywords, ccrVersion, source, sourceType, sourceCommit, checksum.
bool is_metadata(std::string_view key);
/// The members that make its configuration depend on answers: schema, template, configMappings,
/// userValues.
bool is_dynamic(std::string_view key);
/// What `ccr NAME` alone looks at: noServer, claudeCodeSettings, provider.
bool is_of_launch(std::string_view key);

struct Manifest {
    std::string id;         // the directory's name
    std::string directory;  // without a slash at its end
    config::Document document;

    const Json& root() const { return *document.root; }
    /// A member's text; "" when it is absent or something else.
    std::string text(std::string_view key) const;
    /// The answers that were given: `userValues`; an object, perhaps empty.
    Json answers() const;
    std::string file() const { return directory + "/" + std::string(kFileName); }
};

/// Error (kind config): "file:line:column: what; what to do", also for a text that is no object.
Result<Manifest> parse_manifest(std::string_view text, const std::string& directory);
/// Reads DIRECTORY/manifest.json. Error: it is not there, or cannot be read.
Result<Manifest> read_manifest(const std::string& directory);

}  // namespace ccr::manifest
