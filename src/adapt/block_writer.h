// BlockWriter: opens and closes text and reasoning blocks as pieces of them come, so that what
// turns one block into several keeps the grammar of streams.
//
// A plain object on one thread.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "chat/stream_event.h"

namespace ccr::adapt {

class BlockWriter {
  public:
    void text(std::string_view plain, chat::Events& out, Arena& arena);
    void reasoning(std::string_view plain, chat::Events& out, Arena& arena);
    /// A whole call; `arguments` is a JSON object.
    void call(std::string_view name, std::string_view arguments, chat::Events& out, Arena& arena);
    void close(chat::Events& out);

  private:
    enum class Open : std::uint8_t { nothing, text, reasoning };
    void piece(Open wanted, std::string_view plain, chat::Events& out, Arena& arena);
    Open open_ = Open::nothing;
};

}  // namespace ccr::adapt
