// Project routing: the Router that a project, or one session of it, has beside the global one.
//
// Claude Code keeps a session's transcript in ~/.claude/projects/<project>/<session>.jsonl; ccr
// looks for ~/.claude-code-router/<project>/config.json and .../<session>.json. Each overlays the
// wider Router key by key.
//
// Any thread. A session's files are looked at once a second at most, and read when they changed.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/config.h"
#include "config/loader.h"

namespace ccr::config {

struct NarrowerRouting {
    Routing routing;  // the wider one with what the file says
    std::vector<Finding> findings;
};

/// The Router of a project's or session's file, on top of `config`'s. Error: what cannot be parsed,
/// with file, line and column.
Result<NarrowerRouting> parse_narrower_routing(std::string_view text, const std::string& file,
                                               const Environment& environment,
                                               const Config& config);

/// Whether a session's id may become part of a path: letters, digits, '-' and '_', up to 128.
bool is_session_id(std::string_view session);

/// What is known of a session's project.
struct ProjectRouting {
    std::string project;  // the folder's name; "" = unknown
    ConfigPtr config;     // the snapshot with this session's Router; nullptr = the global one
    std::vector<std::string> files;  // that it was read from, widest first
};

class ProjectRoutings {
  public:
    using Clock = std::chrono::steady_clock;
    /// Told of each finding and of each file that cannot be read, once per version of the file.
    using OnFinding = std::function<void(const std::string& message)>;

    /// `transcripts`: ~/.claude/projects; `home`: ~/.claude-code-router.
    ProjectRoutings(std::string transcripts, std::string home, Environment environment,
                    OnFinding on_finding);
    ~ProjectRoutings();

    /// For the session of a request, under the snapshot that serves it. An unparsable file leaves
    /// the wider routing in force.
    ProjectRouting of(std::string_view session, const ConfigPtr& config,
                      Clock::time_point now = Clock::now());

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::config
