#include "net/curl_trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "net/curl_library.h"

namespace ccr::net {

namespace {

Result<std::string> read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file.good() && !file.eof()) text.clear();
    if (text.empty()) {
        return fail(ErrorKind::config,
                    fmt::format("The CA file {} cannot be read or is empty. Check its path "
                                "and permissions.",
                                path));
    }
    return text;
}

/// Whether a directory holds certificates under their hashes ("5ed36f99.0"); one without them finds
/// none.
bool is_hashed(const std::string& directory) {
    std::error_code problem;
    for (std::filesystem::directory_iterator at(directory, problem), end; !problem && at != end;
         at.increment(problem)) {
        const std::string name = at->path().filename().string();
        if (name.size() == 10 && name.ends_with(".0")) return true;
    }
    return false;
}

}  // namespace

SystemTrust SystemTrust::of_library() {
    const curl_version_info_data* info = curl().version_info(CURLVERSION_NOW);
    SystemTrust trust;
    if (info->cainfo != nullptr) trust.file = info->cainfo;
    if (info->capath != nullptr && is_hashed(info->capath)) trust.directory = info->capath;
    return trust;
}

Result<AddedTrust> add_trust(const SystemTrust& system, const std::string& ca_file) {
    TRY(std::string extra, read(ca_file));
    if (!system.directory.empty()) return AddedTrust{AddedTrust::Way::beside_directory, {}};
    if (system.file.empty()) return AddedTrust{AddedTrust::Way::joined, std::move(extra)};
    // A system without its own file still has the extra one to go by.
    const auto own = read(system.file);
    return AddedTrust{AddedTrust::Way::joined, (own ? *own + "\n" : std::string()) + extra};
}

Result<void> trust(CURL* easy, const std::string& ca_file) {
    static const SystemTrust kSystem = SystemTrust::of_library();
    return trust(easy, ca_file, kSystem);
}

Result<void> trust(CURL* easy, const std::string& ca_file, const SystemTrust& system) {
    if (ca_file.empty()) return {};
    TRY(const AddedTrust added, add_trust(system, ca_file));
    if (added.way == AddedTrust::Way::beside_directory) {
        curl().easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
        curl().easy_setopt(easy, CURLOPT_PROXY_CAINFO, ca_file.c_str());
        return {};
    }
    curl_blob blob{const_cast<char*>(added.text.data()), added.text.size(), CURL_BLOB_COPY};
    curl().easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
    curl().easy_setopt(easy, CURLOPT_PROXY_CAINFO_BLOB, &blob);
    return {};
}

}  // namespace ccr::net
