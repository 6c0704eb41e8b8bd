// fold: a stream's events to one Reply. unfold: a Reply to the events that would have streamed it.
//
// So that a client that streams can be served from an upstream that does not, and the other way
// round. fold(unfold(r)) == r.
#pragma once

#include <string>

#include "chat/stream_event.h"

namespace ccr::chat {

/// Gathers events into a Reply. A plain object on one thread.
class Fold {
  public:
    void feed(const StreamEvent& event);
    bool finished() const { return finished_; }
    /// The failure that ended the stream, if one did.
    const Error* failure() const { return failed_ ? &*failed_ : nullptr; }
    /// The reply so far; call once, after the end.
    Reply take();

  private:
    void on(const Started& started);
    void on(const Opened& opened);
    void on(const Delta& delta);
    void on(const Closed&);
    void on(const UsageReport& report);
    void on(const Finished& finished);
    void on(const Failed& failed);
    void on(const Ping&) {}

    Reply reply_;
    Opened open_;  // what is open now
    bool is_open_ = false;
    std::string text_, seal_, details_;  // escaped text of the open block
    bool finished_ = false;
    std::optional<Error> failed_;
};

/// Events in order, with views into `reply`, whose arena takes what has to be escaped.
Events unfold(Reply& reply);

}  // namespace ccr::chat
