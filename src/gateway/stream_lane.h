// StreamLane: upstream stream bytes in, client stream bytes out.
//
// Verbatim (same protocol): messages pass as they are and are only watched. Translated: messages
// are decoded, and their events encoded for the client. Both hold everything back until the first
// content, so that an attempt which fails before leaves no trace.
//
// One attempt, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapt/plan.h"
#include "gateway/client_stream.h"
#include "store/call_watch.h"
#include "wire/codec.h"

namespace ccr::gateway {

class StreamLane {
  public:
    /// `parser` reads the upstream's framing; null = server-sent events.
    StreamLane(std::unique_ptr<wire::StreamDecoder> decoder, ClientStream& client, bool verbatim,
               std::unique_ptr<net::MessageParser> parser = nullptr);

    /// Shows `watch`, which must outlive this, what the client is about to see.
    void show_to(store::CallWatch* watch) { watch_ = watch; }
    /// Events of the translated lane pass `plan`, which must outlive this.
    void adapt_with(adapt::Plan& plan) { plan_ = &plan; }
    /// From now on what is told is kept for take_told().
    void keep_told() { keeps_told_ = true; }

    void feed(std::string_view bytes);
    /// The upstream ended its body.
    void end();

    bool has_content() const { return has_content_; }
    /// Finished or failed; nothing more will come.
    bool over() const { return finished_ || failure_.has_value(); }
    /// The terminal event was seen; only trailing figures may follow.
    bool complete() const { return decoder_->complete(); }
    /// It ended well and of its own accord, and yet there was no content.
    bool ended_empty() const {
        return finished_ && !has_content_ && stop_ == chat::StopReason::end_turn;
    }
    const std::optional<Error>& failure() const { return failure_; }
    const chat::Usage& usage() const { return usage_; }
    /// How much text, thought and arguments came since this was asked last, in bytes.
    std::size_t take_characters() { return std::exchange(characters_, 0); }

    /// The text, thoughts and arguments that came since this was asked last.
    std::string take_told() { return std::exchange(told_, {}); }

    /// Everything that is ready; from the first call on nothing is held back any more.
    std::string take();

  private:
    void on_message(const net::SseMessage& message);
    void note(const chat::StreamEvent& event);
    void emit_events();
    void pass(const net::SseMessage& message);
    void emit_failure();
    void adapt_events();

    ClientStream& client_;
    bool verbatim_;
    store::CallWatch* watch_ = nullptr;
    adapt::Plan* plan_ = nullptr;
    std::unique_ptr<net::MessageParser> parser_;
    std::unique_ptr<wire::StreamDecoder> decoder_;
    chat::Events events_;  // of the message just decoded
    chat::Events held_;    // before the first content, with views into held_arena_
    Arena held_arena_;
    std::string ready_;
    std::string start_;  // verbatim: the upstream's message_start, until it is known to be wanted
    std::size_t start_at_ = 0;  // where in ready_ it belongs
    bool committed_ = false;
    bool has_content_ = false;
    bool finished_ = false;
    chat::StopReason stop_ = chat::StopReason::end_turn;
    std::optional<Error> failure_;
    chat::Usage usage_;
    std::size_t characters_ = 0;
    bool keeps_told_ = false;
    std::string told_;
};

}  // namespace ccr::gateway
