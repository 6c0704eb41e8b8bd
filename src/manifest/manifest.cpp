#include "manifest/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/read_file.h"

namespace ccr::manifest {
namespace {

constexpr auto kMetadata = std::to_array<std::string_view>(
    {"name", "version", "description", "author", "homepage", "repository", "license", "keywords",
     "ccrVersion", "source", "sourceType", "checksum", "sourceCommit"});
constexpr auto kDynamic =
    std::to_array<std::string_view>({"schema", "template", "configMappings", "userValues"});
constexpr auto kLaunch =
    std::to_array<std::string_view>({"noServer", "claudeCodeSettings", "provider"});

}  // namespace

bool is_metadata(std::string_view key) {
    return std::ranges::find(kMetadata, key) != kMetadata.end();
}
bool is_dynamic(std::string_view key) {
    return std::ranges::find(kDynamic, key) != kDynamic.end();
}
bool is_of_launch(std::string_view key) {
    return std::ranges::find(kLaunch, key) != kLaunch.end();
}

std::string Manifest::text(std::string_view key) const {
    const auto found = root().find(key);
    return found != root().end() && found->is_string() ? found->get<std::string>() : "";
}

Json Manifest::answers() const {
    const auto found = root().find("userValues");
    return found != root().end() && found->is_object() ? *found : Json::object();
}

Result<Manifest> parse_manifest(std::string_view text, const std::string& directory) {
    Manifest manifest;
    manifest.directory = directory;
    manifest.id = directory.substr(directory.rfind('/') + 1);
    TRY(manifest.document, config::parse_json5(text, manifest.file()));
    if (!manifest.root().is_object())
        return fail(
            ErrorKind::config,
            fmt::format("{}:1:1: a preset's manifest should be one object {{ ... }}; enclose "
                        "it in braces",
                        manifest.file()));
    return manifest;
}

Result<Manifest> read_manifest(const std::string& directory) {
    const std::string file = directory + "/" + std::string(kFileName);
    TRY(const std::optional<std::string> text, config::read_file(file));
    if (!text)
        return fail(
            ErrorKind::not_found,
            fmt::format("{} is not there; a preset is a directory with a {}", file, kFileName));
    return parse_manifest(*text, directory);
}

}  // namespace ccr::manifest
