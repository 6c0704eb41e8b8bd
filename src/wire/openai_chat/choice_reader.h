// ChoiceReader: one `delta` or `message` object to events. A complete message is one large delta,
// so streams and replies are read by the same code.
//
// A plain object, one answer, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/document.h"
#include "wire/block_tracker.h"

namespace ccr::wire::openai_chat {

class ChoiceReader {
  public:
    explicit ChoiceReader(std::string_view provider) : provider_(provider) {}

    /// Members of a delta or message.
    void read(json::View delta, chat::Events& out);
    /// Pages that the provider's own search found, where it tells of them beside the answer.
    void read_found(json::View answer) { add_hits(answer["web_search"]); }
    /// `finish_reason` of the choice, and vLLM's `stop_reason`, which holds the stop string that
    /// matched.
    void read_finish(json::View choice);
    bool has_finish() const { return finish_.has_value(); }
    /// The `finish_reason` of an answer that broke off in failure; empty for every other.
    const std::string& failure() const { return failure_; }
    /// Closes blocks and tells how the answer ended.
    chat::Finished finish(chat::Events& out);

  private:
    void read_content(json::View content, chat::Events& out);
    void read_reasoning(json::View delta, chat::Events& out);
    void read_details(json::View details, bool text_is_known, chat::Events& out);
    void read_thinking(json::View thinking, chat::Events& out);
    void read_call(json::View call, chat::Events& out);
    void read_annotations(json::View annotations);
    void read_executed_tools(json::View tools);
    void add_hits(json::View list);
    void add_hit(json::Text url, json::Text title);
    BlockTracker::CallKey key_for(json::View call, chat::Events& out);
    chat::Provenance from(std::string_view field) const;

    struct Call {
        std::int64_t index;  // -1 = the provider gives none
        std::string id;      // escaped
        BlockTracker::CallKey key;
    };
    std::string provider_;
    BlockTracker blocks_;
    Arena arena_;  // what events view and no message holds
    std::vector<Call> calls_;
    std::vector<std::pair<std::string, std::string>> hits_;  // url, title; escaped
    std::optional<chat::StopReason> finish_;
    std::string stop_sequence_;  // escaped
    std::string failure_;
    bool refused_ = false;
};

chat::Usage decode_usage(json::View usage);

}  // namespace ccr::wire::openai_chat
