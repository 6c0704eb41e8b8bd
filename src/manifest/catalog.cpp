#include "manifest/catalog.h"

#include <algorithm>
#include <filesystem>

namespace ccr::manifest {
namespace fs = std::filesystem;

bool is_preset_name(std::string_view name) {
    constexpr std::size_t kLongest = 128;
    if (name.empty() || name.size() > kLongest || name.front() == '.' || name.front() == '-')
        return false;
    return std::ranges::none_of(
        name, [](unsigned char c) { return c < 0x21 || c == 0x7F || c == '/' || c == '\\'; });
}

std::string presets_directory(const std::string& home) {
    return home + "/presets";
}

std::string directory_of(const std::string& home, std::string_view name) {
    return presets_directory(home) + "/" + std::string(name);
}

bool is_installed(const std::string& home, std::string_view name) {
    std::error_code none;
    return is_preset_name(name) &&
           fs::is_regular_file(fs::path(directory_of(home, name)) / kFileName, none);
}

std::vector<Listed> list_presets(const std::string& home) {
    std::vector<Listed> out;
    std::error_code error;
    for (fs::directory_iterator entry(presets_directory(home), error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code none;
        const std::string name = entry->path().filename().string();
        if (is_preset_name(name) && entry->is_directory(none))
            out.push_back({name, read_manifest(entry->path().string())});
    }
    std::ranges::sort(out, {}, &Listed::id);
    return out;
}

}  // namespace ccr::manifest
