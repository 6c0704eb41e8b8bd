// Continuation: what a client has of an answer whose upstream died, and how another goes on with
// it.
//
// Everything that a client gets of one answer passes through it, whichever upstream it comes from.
// The next upstream is asked with what was delivered as the assistant's turn and a user's turn that
// asks it to go on; its events are fitted to the blocks that the client has, so that the client
// sees one answer, also where a model says over again what was delivered. A tool call must not be
// begun twice, so an answer that has one is not continued.
//
// Lives in one request's coroutine, with its ClientStream.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chat/stream_event.h"
#include "gateway/repetition.h"
#include "wire/codec.h"

namespace ccr::gateway {

class Continuation {
  public:
    /// `event` as the client is to see it, if at all, through `encoder` into `out`.
    void pass(const chat::StreamEvent& event, wire::StreamEncoder& encoder, std::string& out);

    /// Another upstream could go on: nothing was begun that cannot be carried on.
    bool is_possible() const { return possible_; }
    /// The upstream has died with content delivered.
    void interrupt() { interrupted_ = true; }
    /// Whether it did since the last resume().
    bool interrupted() const { return interrupted_; }
    /// Prepares `conversation` for the next upstream. What an earlier call added is replaced.
    void resume(chat::Conversation& conversation);

  private:
    void note(const chat::StreamEvent& event);
    void go_on(const chat::StreamEvent& event, wire::StreamEncoder& encoder, std::string& out);
    void say(std::string_view plain, wire::StreamEncoder& encoder, std::string& out);
    void fit_first(const chat::StreamEvent& event, wire::StreamEncoder& encoder, std::string& out);
    chat::Usage with_earlier(chat::Usage usage) const;
    void add_turns(chat::Conversation& conversation);
    void limit_length(chat::Conversation& conversation);

    bool possible_ = true;
    bool interrupted_ = false;
    bool resumed_ = false;  // at least one upstream has died
    bool joining_ = false;  // a block of a dead upstream is still open
    std::optional<chat::BlockKind> open_;
    std::vector<std::string> texts_;  // of the text blocks, JSON-escaped
    Repetition repetition_;
    std::size_t generated_ = 0;             // bytes of text and thought by the upstream of now
    chat::Usage usage_;                     // as the upstream of now has reported it
    chat::Usage earlier_;                   // input of the first one, output of all that died
    std::optional<std::size_t> own_turns_;  // where in the conversation they begin
    std::optional<std::int64_t> whole_length_;
};

}  // namespace ccr::gateway
