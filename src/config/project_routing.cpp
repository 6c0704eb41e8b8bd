#include "config/project_routing.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <unordered_map>

#include "config/file_state.h"
#include "config/read_file.h"

namespace ccr::config {
namespace {

constexpr std::chrono::seconds kLookAgain{1};  // at files, for a session that is known
// A session's first request comes before its transcript: not found is no answer for long.
constexpr std::chrono::seconds kSearchAgain{3};
constexpr std::size_t kMostSessions = 1000;

struct Known {
    ProjectRouting found;
    ConfigPtr config;               // that `found` was read under
    std::vector<FileState> states;  // of the files that might be there, widest first
    ProjectRoutings::Clock::time_point looked_at{};
};

}  // namespace

bool is_session_id(std::string_view session) {
    constexpr std::size_t kLongest = 128;
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    return !session.empty() && session.size() <= kLongest && std::ranges::all_of(session, fits);
}

class ProjectRoutings::Impl {
  public:
    Impl(std::string transcripts, std::string home, Environment environment, OnFinding on_finding)
        : transcripts_(std::move(transcripts)),
          home_(std::move(home)),
          environment_(std::move(environment)),
          on_finding_(std::move(on_finding)) {}

    ProjectRouting of(const std::string& session, const ConfigPtr& config, Clock::time_point now) {
        const std::lock_guard lock(mutex_);
        if (sessions_.size() >= kMostSessions && !sessions_.contains(session)) sessions_.clear();
        Known& known = sessions_[session];
        if (!is_due(known, config, now)) return known.found;
        known.looked_at = now;
        if (known.found.project.empty()) known.found.project = project_of(session);
        if (!known.found.project.empty()) read(known, session, config);
        return known.found;
    }

  private:
    static bool is_due(const Known& known, const ConfigPtr& config, Clock::time_point now) {
        if (known.looked_at == Clock::time_point{}) return true;
        const bool found = !known.found.project.empty();
        if (found && known.config != config) return true;
        return now - known.looked_at >= (found ? kLookAgain : kSearchAgain);
    }

    // The folder that holds the session's transcript.
    std::string project_of(const std::string& session) const {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(transcripts_, error)) {
            const auto transcript = entry.path() / (session + ".jsonl");
            if (std::filesystem::is_regular_file(transcript, error))
                return entry.path().filename().string();
        }
        return "";
    }

    void read(Known& known, const std::string& session, const ConfigPtr& config) {
        const std::string folder = home_ + "/" + known.found.project + "/";
        const std::vector<std::string> files{folder + "config.json", folder + session + ".json"};
        std::vector<FileState> states;
        for (const std::string& file : files) states.push_back(state_of(file));
        if (known.config == config && known.states == states) return;
        known.config = config;
        known.states = states;
        known.found.config.reset();
        known.found.files.clear();
        if (std::ranges::none_of(states, &FileState::exists)) return;
        Config effective = *config;
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (states[i].exists) overlay(files[i], effective, known.found);
        }
        if (!known.found.files.empty())
            known.found.config = std::make_shared<const Config>(std::move(effective));
    }

    void overlay(const std::string& file, Config& config, ProjectRouting& found) {
        const auto text = read_file(file);
        if (!text) return on_finding_(text.error().message);
        if (!*text) return;
        auto narrower = parse_narrower_routing(**text, file, environment_, config);
        if (!narrower) return on_finding_(narrower.error().message);
        for (const Finding& finding : narrower->findings) on_finding_(to_string(finding));
        config.routing = std::move(narrower->routing);
        found.files.push_back(file);
    }

    std::string transcripts_, home_;
    Environment environment_;
    OnFinding on_finding_;
    std::mutex mutex_;
    std::unordered_map<std::string, Known> sessions_;
};

ProjectRoutings::ProjectRoutings(std::string transcripts, std::string home, Environment environment,
                                 OnFinding on_finding)
    : impl_(std::make_unique<Impl>(std::move(transcripts), std::move(home), std::move(environment),
                                   std::move(on_finding))) {}
ProjectRoutings::~ProjectRoutings() = default;

ProjectRouting ProjectRoutings::of(std::string_view session, const ConfigPtr& config,
                                   Clock::time_point now) {
    if (!is_session_id(session)) return {};
    return impl_->of(std::string(session), config, now);
}

}  // namespace ccr::config
