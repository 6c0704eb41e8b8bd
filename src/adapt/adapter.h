// Adapter: a behaviour that one provider or model needs and that data cannot express. It edits the
// hub - an attempt's own conversation, and the events of its answer - never bytes.
//
// One attempt, one thread. Requests pass the adapters in order, answers in the mirror order.
#pragma once

#include "base/arena.h"
#include "chat/conversation.h"
#include "chat/loss.h"
#include "chat/stream_event.h"
#include "json/patch.h"

namespace ccr::adapt {

/// What request adapters leave behind beside the edited conversation.
struct RequestNotes {
    chat::Losses losses;
    json::Patches patches;
};

class Adapter {
  public:
    virtual ~Adapter() = default;

    /// Edits the attempt's own copy; its arena owns what has to be made. What the answer will need
    /// of it is copied.
    virtual void request(chat::Conversation& conversation, RequestNotes& notes);
    /// Appends what takes the place of `event`, keeping the grammar of streams. What is made lives
    /// in `arena` until the next batch of events.
    virtual void event(const chat::StreamEvent& event, chat::Events& out, Arena& arena);
};

}  // namespace ccr::adapt
