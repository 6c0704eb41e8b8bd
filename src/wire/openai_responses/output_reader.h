// OutputReader: the items of an answer to events, in pieces as streams bring them or whole as
// replies hold them; a whole item is one whose pieces never came.
//
// Items are known by output_index, else by id: they may be interleaved (guides, "Streaming"). A
// plain object, one answer, one thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "json/document.h"
#include "wire/block_tracker.h"
#include "wire/openai_responses/citations.h"

namespace ccr::wire::openai_responses {

class OutputReader {
  public:
    explicit OutputReader(std::string_view provider) : provider_(provider) {}

    /// A stream event about the output; `type` without "response.". Others are ignored.
    void read(std::string_view type, json::View event, chat::Events& out);
    /// `output` of a complete answer: whatever no event has told yet.
    void read_output(json::View output, chat::Events& out);
    /// Closes blocks and tells how an answer ended that ends for `reason` as far as its status
    /// says.
    chat::Finished finish(chat::StopReason reason, chat::Events& out);

  private:
    enum class Kind : std::uint8_t { unknown, message, reasoning, call, other };
    struct Item {
        std::int64_t index = -1;
        std::string id;  // escaped
        Kind kind = Kind::unknown;
        BlockTracker::CallKey key = 0;
        bool custom = false;
        bool has_arguments = false;
        bool done = false;
        std::string_view reasoning_from;  // which of its two texts is told: summary or content
        std::vector<std::int64_t> told;   // indexes of content or summary parts that pieces told
    };

    Item& item_for(json::View event, Kind kind, chat::Events& out);
    Item* find(std::int64_t index, std::string_view id);
    void begin(Item& item, Kind kind, chat::Events& out);
    void describe_call(Item& item, json::View call);
    static Kind kind_of(json::View item);

    bool read_text(std::string_view type, json::View event, chat::Events& out);
    bool read_reasoning(std::string_view type, json::View event, chat::Events& out);
    bool read_arguments(std::string_view type, json::View event, chat::Events& out);
    void text_piece(Item& item, std::int64_t part, json::Text text, chat::Events& out);
    void reasoning_piece(Item& item, std::string_view from, std::int64_t part, json::Text text,
                         chat::Events& out);
    void arguments_piece(Item& item, json::Text text, chat::Events& out);
    void end_arguments(Item& item, json::View whole, chat::Events& out);
    void added(json::View event, chat::Events& out);
    void done(json::View item, Item& known, chat::Events& out);
    void message_done(json::View item, Item& known, chat::Events& out);
    void reasoning_done(json::View item, Item& known, chat::Events& out);
    void call_done(json::View item, Item& known, chat::Events& out);
    void other_done(json::View item, chat::Events& out);
    chat::Provenance from(const Item& item) const;

    std::string provider_;
    BlockTracker blocks_;
    Arena arena_;  // what events view and no message holds
    std::deque<Item> items_;
    Citations citations_;
    bool refused_ = false;
};

}  // namespace ccr::wire::openai_responses
