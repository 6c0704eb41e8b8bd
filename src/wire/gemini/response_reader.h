// ResponseReader: GenerateContentResponse objects to events. A complete answer is one large chunk,
// so streams and replies are read by the same code.
//
// A plain object, one answer, one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/document.h"
#include "wire/block_tracker.h"

namespace ccr::wire::gemini {

class ResponseReader {
  public:
    explicit ResponseReader(std::string_view provider) : provider_(provider) {}

    /// Candidates, prompt feedback and figures of one chunk.
    void read(json::View response, chat::Events& out);
    /// The model has said why it ended.
    bool has_finish() const { return finish_.has_value() || !failure_.empty(); }
    /// The finishReason of an answer that broke off in failure, and what it says of itself; empty
    /// for every other.
    const std::string& failure() const { return failure_; }
    const std::string& failure_message() const { return failure_message_; }
    /// Closes blocks and tells how the answer ended.
    chat::Finished finish(chat::Events& out);

  private:
    enum class Last : std::uint8_t { nothing, text, reasoning, other };

    void read_candidate(json::View candidate, chat::Events& out);
    void read_part(json::View part, chat::Events& out);
    void read_text(json::View part, chat::Events& out);
    void read_call(json::View part, chat::Events& out);
    void read_grounding(json::View grounding);
    void read_finish(json::View candidate);
    void read_feedback(json::View feedback);
    chat::Provenance from() const;

    std::string provider_;
    BlockTracker blocks_;
    Arena arena_;  // what events view and no message holds
    Last last_ = Last::nothing;
    std::string query_;                                      // escaped
    std::vector<std::pair<std::string, std::string>> hits_;  // url, title; escaped
    std::optional<chat::StopReason> finish_;
    std::string failure_, failure_message_;
};

chat::Usage decode_usage(json::View usage);

}  // namespace ccr::wire::gemini
