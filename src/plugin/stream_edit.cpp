// What comes back of a StreamView. Calls and seals are read here as they come: the Chat decoder
// holds them back until it knows that they are whole, and by then the provider's own pieces have
// passed.
#include "base/ids.h"
#include "json/document.h"
#include "plugin/block_joiner.h"
#include "plugin/meaning.h"
#include "plugin/stream_view.h"

namespace ccr::plugin {
namespace {

using json::View;
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
        root_ = {};
        const bool same = known(message.data);
        const View delta = delta_of(root_);
        chat_->feed({message.event, without_calls(message.data, delta, same), {}}, decoded_);
        // The last of what is held is the chunk itself, those before it were passed by.
        for (std::size_t i = 0; i < held_.size(); ++i) {
            const bool is_itself = found_ && i + 1 == held_.size();
            if (is_itself && same)
                take_whole(held_[i], delta, out);
            else
                take_silent(held_[i], out);
        }
        edited_ = edited_ || (!same && message.data != "[DONE]");
        take_decoded(same, out);
        if (same) return;
        take_seal(delta, out);
        for (const View call : delta["tool_calls"].elements()) take_call(call, out);
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
        root_ = *root;
        const auto number = root_["ccr_event"].integer();
        if (!number) return false;
        auto shown = view_->take(*number, held_);
        if (!shown) return false;
        found_ = true;
        held_.push_back(std::move(*shown));
        if (held_.back().data == data) return true;
        const auto was = shown_document_.parse(held_.back().data);
        return was && meaning_of(*was) == meaning_of(root_);
    }

    static View delta_of(View chunk) {
        for (const View choice : chunk["choices"].elements()) return choice["delta"];
        return {};
    }

    // What the decoder shall not tell at the end: calls, and searches that are the provider's own.
    std::string_view without_calls(std::string_view data, View delta, bool same) {
        const View calls = delta["tool_calls"];
        const View found = same ? delta["annotations"] : View();
        if (!calls.has_elements() && !found.has_elements()) return data;
        rest_ = data;
        const auto cut = [this](View list) {
            if (list.has_elements()) rest_.replace(list.begin(), list.end() - list.begin(), "[]");
        };
        const bool calls_are_last = !found || (calls && calls.begin() > found.begin());
        cut(calls_are_last ? calls : found);
        cut(calls_are_last ? found : calls);
        return rest_;
    }

    void take_whole(const Shown& shown, View delta, chat::Events& out) {
        for (const chat::StreamEvent& event : shown.silent) joiner_.take(event, out);
        if (!shown.event) return;
        if (const auto* finished = std::get_if<chat::Finished>(&*shown.event)) {
            finished_ = std::get<chat::Finished>(chat::kept(*finished, arena_));
            return;
        }
        for (const View call : delta["tool_calls"].elements()) {
            const bool opens = std::holds_alternative<chat::Opened>(*shown.event);
            if (opens)
                begin_call(call);
            else if (!is_of_latest(call))
                return;
        }
        joiner_.take(*shown.event, out);
    }

    void begin_call(View call) {
        had_calls_ = true;
        call_index_ = call["index"].integer();
    }

    // A piece without an index is of the latest call; one of a call that was taken out is of none.
    bool is_of_latest(View call) const {
        const auto index = call["index"].integer();
        return had_calls_ && (!index || !call_index_ || index == call_index_);
    }

    void take_call(View call, chat::Events& out) {
        const View function = call["function"];
        if (!function["name"].text().empty()) {
            begin_call(call);
            joiner_.take(opened_by(call), out);
        }
        const View arguments = function["arguments"];
        chat::Delta piece;
        piece.kind = chat::DeltaKind::arguments;
        if (arguments.is_object()) {
            std::string escaped;
            json::escape_to(escaped, arguments.raw());
            piece.text = json::Text::from_escaped(arena_.keep(escaped));
        } else {
            piece.text = arguments.text();
        }
        if (!piece.text.empty() && is_of_latest(call)) joiner_.take(piece, out);
    }

    // The provider's own where the chunk is one of its calls, with what the script made of it.
    chat::Opened opened_by(View call) {
        chat::Opened out;
        if (found_ && held_.back().event) {
            const auto* own = std::get_if<chat::Opened>(&*held_.back().event);
            if (own && own->kind == chat::BlockKind::tool_call) out = *own;
        }
        out.kind = chat::BlockKind::tool_call;
        out.name = call["function"]["name"].text();
        if (const json::Text id = call["id"].text(); !id.empty()) out.id = id;
        if (out.id.empty()) out.id = json::Text::from_escaped(arena_.keep(new_id("call_")));
        return out;
    }

    void take_seal(View delta, chat::Events& out) {
        const json::Text seal = delta["thinking"]["signature"].text();
        if (!seal.empty()) joiner_.take(chat::Delta{chat::DeltaKind::seal, seal, {}}, out);
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
            // What the decoder has held back at the end is known where everything is.
            if (!is_known && edited_) take_decoded(event, out);
        }
    }

    void take_decoded(const chat::StreamEvent& event, chat::Events& out) {
        if (std::holds_alternative<chat::Closed>(event)) return;  // it may close another's block
        const auto* delta = std::get_if<chat::Delta>(&event);
        if (delta && delta->kind == chat::DeltaKind::seal) return;
        const auto* opened = std::get_if<chat::Opened>(&event);
        if (opened && opened->kind != chat::BlockKind::tool_call)
            joiner_.take_silent(event, out);
        else
            joiner_.take(event, out);
    }

    void end(const chat::StreamEvent& decoded, bool failed, chat::Events& out) {
        if (view_->failure()) return joiner_.end(chat::Failed{*view_->failure()}, out);
        if (failed) return joiner_.end(decoded, out);
        const auto rest = view_->take_rest();
        for (const Shown& shown : rest) {
            take_silent(shown, out);
            held_.push_back(shown);  // what its events view
        }
        auto finished = finished_ ? *finished_ : std::get<chat::Finished>(decoded);
        // Of the calls the decoder knows nothing.
        if (!finished_ && had_calls_ && finished.reason == chat::StopReason::end_turn)
            finished.reason = chat::StopReason::tool_use;
        joiner_.end(finished, out);
    }

    std::shared_ptr<StreamView> view_;
    std::unique_ptr<wire::StreamDecoder> chat_;
    BlockJoiner joiner_;
    json::Document document_, shown_document_;
    std::deque<Shown> held_;  // what the events of the latest message view
    chat::Events decoded_;
    std::optional<chat::Finished> finished_;  // of the provider, where it was left alone
    Arena arena_;
    json::View root_;                         // of the latest message
    std::string rest_;                        // of it, for the decoder
    std::optional<std::int64_t> call_index_;  // of the latest call
    bool had_calls_ = false;
    bool found_ = false;
    bool edited_ = false;  // anything at all
};

}  // namespace

std::unique_ptr<wire::StreamDecoder> open_decoder(std::shared_ptr<StreamView> view,
                                                  const wire::Target& target) {
    return std::make_unique<Decoder>(std::move(view), target);
}

}  // namespace ccr::plugin
