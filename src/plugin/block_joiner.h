// BlockJoiner: events of two tellers - the provider's own, and those decoded of what a script made
// of it - as one stream that obeys the grammar. One answer, one thread.
#pragma once

#include <optional>

#include "chat/stream_event.h"

namespace ccr::plugin {

class BlockJoiner {
  public:
    /// Appends `event`, with what the grammar wants before it. Nothing ends here: Finished and
    /// Failed are end()'s.
    void take(const chat::StreamEvent& event, chat::Events& out);
    /// An event that had no part in what was shown of it: a block opens only if something is said
    /// in it.
    void take_silent(const chat::StreamEvent& event, chat::Events& out);
    void end(const chat::StreamEvent& finished_or_failed, chat::Events& out);
    bool ended() const { return ended_; }

  private:
    void on(const chat::Opened& opened, chat::Events& out);
    void on(const chat::Delta& delta, chat::Events& out);
    void close(chat::Events& out);
    void open(const chat::Opened& opened, chat::Events& out);

    Arena arena_;
    std::optional<chat::BlockKind> open_;
    std::optional<chat::Opened> waiting_;  // opens when something is said in it
    std::optional<chat::Opened> call_;     // the latest that was opened
    bool started_ = false, ended_ = false;
};

}  // namespace ccr::plugin
