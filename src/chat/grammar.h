// GrammarGuard: checks that a stream's events obey the grammar of chat/stream_event.h.
//
// Used by tests, fuzzers and debug builds in place of flags in every decoder.
#pragma once

#include <string>

#include "chat/stream_event.h"

namespace ccr::chat {

class GrammarGuard {
  public:
    /// Empty when `event` may stand here; else what is wrong with it.
    std::string check(const StreamEvent& event);
    /// Whether the stream has had its Finished or Failed.
    bool ended() const { return state_ == State::ended; }

  private:
    enum class State : std::uint8_t { fresh, between, open, ended };
    std::string check_delta(const Delta& delta) const;
    State state_ = State::fresh;
    BlockKind open_ = BlockKind::text;
};

}  // namespace ccr::chat
