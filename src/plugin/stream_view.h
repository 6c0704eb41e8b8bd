// StreamView: a streamed answer as the user's transformers see it where the provider speaks another
// protocol than Chat - Chat's chunks, with `thinking` for reasoning - and what they made of it as
// events again. A chunk that comes back as it was stands for the provider's own events; others are
// decoded.
//
// One answer, one thread. A chunk's `ccr_event` is its number, by which it is known again.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "chat/stream_event.h"
#include "wire/codec.h"

namespace ccr::plugin {

class StreamView {
  public:
    /// `id` and `model` are shown where the provider gives none; `plugins`: who sees the answer,
    /// for errors.
    StreamView(std::string_view id, std::string_view model, std::string_view plugins = {})
        : id_(id), model_(model), plugins_(plugins) {}

    /// Appends what shows `event`, if it shows. Nothing more is shown once is_full().
    void show(const chat::StreamEvent& event, std::string& out);

    /// What was shown, until it comes back or is passed by.
    struct Shown {
        std::string data;  // of its message
        chat::Events silent;
        std::optional<chat::StreamEvent> event;
        std::shared_ptr<Arena> arena;  // of the events
        std::size_t weight = 0;        // bytes, of all of it
    };
    /// Takes the chunk of that number, and all before it. nullopt: it is not there.
    std::optional<Shown> take(std::int64_t number, std::deque<Shown>& passed_by);
    /// All that never came back.
    std::deque<Shown> take_rest();
    /// What the provider said, or what is wrong with the scripts; the answer ends with it.
    const std::optional<Error>& failure() const { return failure_; }
    /// The scripts hold more than 64 MB of chunks back, which is a failure().
    bool is_full() const { return is_full_; }

  private:
    void on(const chat::Started& started, std::string& out);
    void on(const chat::Opened& opened, std::string& out);
    void on(const chat::Delta& delta, std::string& out);
    void on(const chat::Closed&, std::string& out);
    void on(const chat::UsageReport& report, std::string&) { usage_.merge(report.usage); }
    void on(const chat::Finished& finished, std::string& out);
    void on(const chat::Failed& failed, std::string& out);
    void on(const chat::Ping&, std::string&) {}
    void message(std::string data, std::string& out, bool is_last = true);
    std::string chunk(std::string_view delta, std::string_view finish_reason = {});
    const std::shared_ptr<Arena>& arena(std::size_t more);
    void weigh(std::size_t more);
    Shown next_shown();

    std::string id_, model_, plugins_, prefix_;
    std::deque<Shown> shown_;
    std::int64_t first_ = 0;  // number of the first of them
    std::int64_t calls_ = 0;
    bool wants_arguments_ = false;  // of the call that is open
    bool is_redacted_ = false;      // the block that is open
    chat::Usage usage_;
    chat::Events silent_;
    const chat::StreamEvent* event_ = nullptr;  // that is being shown
    std::shared_ptr<Arena> arena_;
    std::size_t arena_bytes_ = 0;
    std::size_t silent_weight_ = 0;
    std::size_t waiting_ = 0;  // weight of all that waits
    bool is_full_ = false;
    std::optional<Error> failure_;
};

/// Reads what scripts made of `view`; target's strings must outlive it.
std::unique_ptr<wire::StreamDecoder> open_decoder(std::shared_ptr<StreamView> view,
                                                  const wire::Target& target);

}  // namespace ccr::plugin
