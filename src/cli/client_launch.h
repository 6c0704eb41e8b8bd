// ClientLaunch: with whose configuration the client is started, and where it is led: to the
// service, into a preset's namespace there, or straight to a provider.
//
// A plain value. Main thread.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "cli/surroundings.h"

namespace ccr::cli {

struct ClientLaunch {
    /// A provider that the client talks to itself (`noServer`).
    struct Direct {
        std::string url, key;
    };
    config::Config config;        // of the preset inside the main one, or the main one
    std::string preset;           // "" = none
    std::string path;             // behind the service's endpoint: "/preset/NAME", or ""
    std::string client_settings;  // `claudeCodeSettings` as JSON text, "" = none
    std::string status_line_of;   // the preset whose status line it is, "" = the main one's
    bool has_status_line = false;
    std::optional<Direct> direct;
};

/// `preset`: "" = none. Error: the configuration or the preset cannot be read; `noServer` without a
/// provider.
Result<ClientLaunch> client_launch(const Surroundings& here, const std::string& preset);

}  // namespace ccr::cli
