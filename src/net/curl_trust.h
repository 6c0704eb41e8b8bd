// Which certificate authorities a transfer trusts: the system's, and those of one extra file.
#pragma once

#include <curl/curl.h>

#include <string>

#include "base/error.h"

namespace ccr::net {

/// The system's trust anchors as libcurl was built with them; empty when it has none of that form.
struct SystemTrust {
    std::string file;       // one PEM file
    std::string directory;  // hashed directory, read as needed

    static SystemTrust of_library();
};

/// How to add a file to the system's anchors.
struct AddedTrust {
    enum class Way {
        beside_directory,  // the option for the file alone: libcurl still reads the directory
        joined,  // the option for the file replaces the system's, so both go in as one text
    };
    Way way = Way::beside_directory;
    std::string text;  // of `joined`
};
Result<AddedTrust> add_trust(const SystemTrust& system, const std::string& ca_file);

/// Makes `easy` trust `ca_file` besides the system's anchors; "" changes nothing. Error: config,
/// for a file that cannot be read.
Result<void> trust(CURL* easy, const std::string& ca_file);
Result<void> trust(CURL* easy, const std::string& ca_file, const SystemTrust& system);

}  // namespace ccr::net
