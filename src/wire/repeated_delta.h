// RepeatedDelta: most messages of a stream are the one before with another piece of text in it.
// Such a message is known by its bytes, and read without being indexed.
//
// A decoder shows it the messages that it has read the long way; it may skip only what depends on
// nothing but the text. A plain object, one stream, one thread.
#pragma once

#include <string>
#include <string_view>

#include "chat/stream_event.h"

namespace ccr::wire {

class RepeatedDelta {
  public:
    /// `data` was a valid message and came to one delta: the last of `events`.
    void learn(std::string_view data, const chat::Events& events);
    void forget() { known_ = false; }

    /// Appends the delta of a message that is like the learned one but for its text. False, with
    /// nothing appended, for every other message and for text that is empty or no valid JSON.
    bool read(std::string_view data, chat::Events& out) const;

  private:
    std::string before_, after_;  // what stands around the text, quotes included
    chat::DeltaKind kind_ = chat::DeltaKind::text;
    bool known_ = false;
};

}  // namespace ccr::wire
