// What comes back of a StreamView.
#include "json/document.h"
#include "plugin/block_joiner.h"
#include "plugin/meaning.h"
#include "plugin/stream_view.h"

namespace ccr::plugin {
namespace {

using Shown = StreamView::Shown;

class Decoder final : public wire::StreamDecoder {
  public:
    Decoder(std::shared_ptr<StreamView> view, const wire::Target& target)
        : view_(std::move(view)),
          chat_(wire::codec_of(Protocol::openai_chat)->open_decoder(target)) {}

    void feed(const net::SseMessage& message, chat::Events& out) override {
        if (joiner_.ended() || message.data.empty()) return;
        held_.clear();
        decoded_.clear();
        const bool same = known(message.data);
        chat_->feed(message, decoded_);
        // The last of what is held is the chunk itself, those before it were passed by.
        for (std::size_t i = 0; i < held_.size(); ++i) {
            const bool is_itself = found_ && i + 1 == held_.size();
            if (is_itself && same)
                take_whole(held_[i], out);
            else
                take_silent(held_[i], out);
        }
        edited_ = edited_ || (!(found_ && same) && message.data != "[DONE]");
        take_decoded(found_ && same, out);
    }

    void finish(chat::Events& out) override {
        if (joiner_.ended()) return;
        held_.clear();
        decoded_.clear();
        chat_->finish(decoded_);
        take_decoded(false, out);
    }

    bool complete() const override { return joiner_.ended() || chat_->complete(); }

  private:
    // Whether `data` is a chunk of the view's, as it was shown.
    bool known(std::string_view data) {
        found_ = false;
        const auto root = document_.parse(data);
        if (!root) return false;
        const auto number = (*root)["ccr_event"].integer();
        if (!number) return false;
        auto shown = view_->take(*number, held_);
        if (!shown) return false;
        found_ = true;
        held_.push_back(std::move(*shown));
        if (held_.back().data == data) return true;
        const auto was = shown_document_.parse(held_.back().data);
        return was && meaning_of(*was) == meaning_of(*root);
    }

    void take_whole(const Shown& shown, chat::Events& out) {
        for (const chat::StreamEvent& event : shown.silent) joiner_.take(event, out);
        if (!shown.event) return;
        if (const auto* finished = std::get_if<chat::Finished>(&*shown.event))
            finished_ = std::get<chat::Finished>(chat::kept(*finished, ends_));
        else
            joiner_.take(*shown.event, out);
    }

    void take_silent(const Shown& shown, chat::Events& out) {
        for (const chat::StreamEvent& event : shown.silent) joiner_.take_silent(event, out);
    }

    void take_decoded(bool is_known, chat::Events& out) {
        for (const chat::StreamEvent& event : decoded_) {
            const bool failed = std::holds_alternative<chat::Failed>(event);
            if (failed || std::holds_alternative<chat::Finished>(event)) {
                end(event, failed, out);
                return;
            }
            joiner_.remember(event);
            // What the decoder has held back at the end is known where everything is.
            if (!is_known && edited_) joiner_.take(event, out);
        }
    }

    void end(const chat::StreamEvent& decoded, bool failed, chat::Events& out) {
        if (view_->failure()) return joiner_.end(chat::Failed{*view_->failure()}, out);
        if (failed) return joiner_.end(decoded, out);
        const auto rest = view_->take_rest();
        for (const Shown& shown : rest) {
            take_silent(shown, out);
            held_.push_back(shown);  // what its events view
        }
        joiner_.end(finished_ ? chat::StreamEvent(*finished_) : decoded, out);
    }

    std::shared_ptr<StreamView> view_;
    std::unique_ptr<wire::StreamDecoder> chat_;
    BlockJoiner joiner_;
    json::Document document_, shown_document_;
    std::deque<Shown> held_;  // what the events of the latest message view
    chat::Events decoded_;
    std::optional<chat::Finished> finished_;  // of the provider, where it was left alone
    Arena ends_;
    bool found_ = false;
    bool edited_ = false;  // anything at all
};

}  // namespace

std::unique_ptr<wire::StreamDecoder> open_decoder(std::shared_ptr<StreamView> view,
                                                  const wire::Target& target) {
    return std::make_unique<Decoder>(std::move(view), target);
}

}  // namespace ccr::plugin
