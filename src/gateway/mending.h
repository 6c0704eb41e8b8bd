// Mending: one attempt's dealings with lessons - those applied beforehand, those that a refusal
// teaches under way, and which of them are kept or dropped in the end.
//
// A refusal that names what it refuses is mended and sent again at once; only what was accepted
// then is kept. A request that is refused for no reason that teaches, though lessons had shaped it,
// is sent once more without them: if that is accepted they were wrong, and are dropped.
//
// One attempt, one thread; `book` and `provider` must outlive it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "chat/loss.h"
#include "gateway/lesson_book.h"

namespace ccr::gateway {

/// A provider's refusal as received.
struct Refusal {
    int status = 0;
    std::string body;
};

class Mending {
  public:
    Mending(LessonBook& book, const config::Provider& provider, const std::string& model,
            Protocol wire);

    /// `body` with what was learned before; a loss for each lesson that changes it.
    json::SplicedText prepared(json::SplicedText body, chat::Losses& losses);

    /// The body to send instead of `sent`, which was refused; nullopt when there is nothing more
    /// to try.
    std::optional<std::string> mended(const Refusal& refusal, const Error& error,
                                      const std::string& sent, chat::Losses& losses);

    /// The last body was taken.
    void accepted();

  private:
    std::optional<std::string> learn(const Refusal& refusal, const std::string& sent,
                                     chat::Losses& losses);
    bool contradicts(const adapt::Lesson& lesson) const;

    LessonBook& book_;
    const config::Provider& provider_;
    const std::string model_;
    Protocol wire_;
    std::string plain_;                 // the body without lessons, where any shaped it
    std::vector<KeptLesson> applied_;   // from the book
    std::vector<adapt::Lesson> fresh_;  // of this attempt
    int rounds_ = 0;
    bool without_lessons_ = false;
};

}  // namespace ccr::gateway
