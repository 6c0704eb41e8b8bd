// Counter: how many input tokens a conversation is for one model.
//
// Every text is counted by the model's encoding, block by block, through a cache by content;
// pictures and documents by the provider's published rule; messages and tools have a fixed
// overhead. Any thread; immutable, the cache is shared by all counters of the process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chat/conversation.h"
#include "tokens/encoding.h"
#include "tokens/media_tokens.h"

namespace ccr::tokens {

/// What one block counts, for people: where it is ("turns[3].parts[0]", "tools[2]") and what.
struct BlockCount {
    std::string where;
    std::string_view kind;
    std::int64_t tokens = 0;
};

class Counter {
  public:
    /// `encoding` is kept alive; `model` decides the rule for pictures.
    Counter(std::shared_ptr<const Encoding> encoding, std::string model);

    const std::string& encoding_name() const { return encoding_->name(); }
    std::int64_t count(const chat::Conversation& conversation) const;
    /// The same, with what each block brings; the blocks' sum and the overheads are the total.
    std::int64_t count(const chat::Conversation& conversation,
                       std::vector<BlockCount>& blocks) const;
    /// Plain UTF-8.
    std::int64_t count_text(std::string_view text) const;

  private:
    friend class BlockCounter;
    std::int64_t of_text(chat::Text text) const;
    std::int64_t of_raw(std::string_view raw) const;
    std::int64_t of_media(const chat::Media& media) const;
    std::int64_t of_tool(const chat::Tool& tool) const;
    std::int64_t of_body(const chat::Part& part) const;

    std::shared_ptr<const Encoding> encoding_;
    std::string model_;
    MediaRule rule_;
};

/// A bound without counting: no request has more tokens than this.
std::int64_t most_tokens(const chat::Conversation& conversation);

}  // namespace ccr::tokens
