#include "adapt/adapter.h"

namespace ccr::adapt {

void Adapter::request(chat::Conversation&, RequestNotes&) {}

void Adapter::event(const chat::StreamEvent& event, chat::Events& out, Arena&) {
    out.push_back(event);
}

}  // namespace ccr::adapt
