// Examination: the questions to one model, one after the other.
//
// Blocking; one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "doctor/checkup.h"
#include "doctor/questions.h"

namespace ccr::doctor {

/// What Claude Code asks for when nothing is said.
inline constexpr std::int64_t kUsualOutput = 32'000;
/// How long one request may take, and how long nothing may come of an answer to the first.
inline constexpr std::chrono::seconds kPatience{60}, kFirstSilence{20};

class Examination {
  public:
    using Tell = std::function<void(std::string_view step)>;

    /// `tell` is called before each request. The references must outlive it.
    Examination(const config::Config& config, const config::Provider& provider,
                const std::string& model, const Tell& tell);

    Checkup run();

  private:
    Reply ask(std::string_view step, std::string body, Wanted wanted = Wanted::all);
    void text();
    void ask_whole(const Reply& broken, bool is_twice);
    void tools();
    void images();
    void thinking();
    void output();
    std::optional<std::int64_t> told_bound();
    bool learned(const std::function<bool(const adapt::Lesson&)>& is_meant);

    const config::Traits traits_;
    const Tell& tell_;
    const std::string target_;
    OwnGateway gateway_;
    Streamed streamed_ = Streamed::yes;
    bool has_timed_out_ = false;
    Checkup out_;
};

}  // namespace ccr::doctor
