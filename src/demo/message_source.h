// The messages of one streamed demo answer, made one at a time, so that a long answer needs no
// memory.
//
// A plain object on one thread; owns its plan. Text leaves word by word, as from a real provider.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "chat/stream_event.h"
#include "demo/script.h"
#include "wire/codec.h"

namespace ccr::demo {

class MessageSource {
  public:
    MessageSource(Plan plan, const wire::Codec& codec, const wire::AnswerContext& context);

    /// The next message with its blank line; false when there are no more.
    bool next(std::string& message);
    /// The message that ends the stream with an error instead.
    std::string failure(const Error& error);

  private:
    bool step();
    bool step_filler();
    void step_delta(chat::Delta delta);

    Plan plan_;
    chat::Events events_;  // views into plan_.reply
    std::unique_ptr<wire::StreamEncoder> encoder_;
    std::size_t at_ = 0;          // the next event
    std::size_t last_close_ = 0;  // the filler goes before this one
    std::string_view rest_;       // of the delta at_, what was not sent yet
    bool in_delta_ = false;
    std::string filler_;  // one piece of it, escaped
    std::string buffer_;  // encoded messages
};

}  // namespace ccr::demo
