// UpstreamCall's request on its way through the user's scripts.
#include "gateway/upstream_call.h"
#include "gateway/window_fit.h"
#include "plugin/openai_edit.h"

namespace ccr::gateway {
namespace {

// What a script set in vain.
void tell_kept(const plugin::EditedRequest& edited, const std::string& model, bool stream,
               chat::Losses& losses) {
    constexpr const char* kWhy = "the platform's address was made for what was asked for";
    if (edited.model != model) losses.push_back({"request", "a script's model", kWhy});
    if (edited.conversation.stream != stream)
        losses.push_back({"request", "a script's stream", kWhy});
}

}  // namespace

net::Task<Result<void>> UpstreamCall::edit_by_scripts(ClientStream* client) {
    if (codec_.protocol == Protocol::openai_chat) {
        CO_TRY_DO(co_await scripted_.edit(body_.whole(), client));
        if (scripted_.edited() && !plan_.after_scripts().empty()) apply_after_scripts();
        co_return Result<void>();
    }
    const chat::Conversation& shown = sent_ ? *sent_ : call_.conversation;
    const plugin::OpenAiView view = plugin::view_of(shown, model_);
    std::string text = view.text;
    auto edited = co_await scripted_.edit(text, client);
    if (edited && scripted_.edited()) {
        losses_.clear();
        edited = take_edited(shown, view, std::move(text));
    }
    if (!edited) {
        traced(losses_);  // the attempt was made, though nothing was sent
        co_return edited;
    }
    if (scripted_.answers()) {
        verbatim_ = false;
        lens_ = std::make_shared<AnswerLens>(codec_, target_, call_.trace.id(), scripted_.names());
    }
    release_conversation();
    if (!own_request_) body_ = mending_.prepared(std::move(body_), losses_);
    traced(losses_);
    co_return Result<void>();
}

// The user's own edits stay behind those of transformers, here as without scripts.
void UpstreamCall::apply_after_scripts() {
    body_ = json::apply_patches(std::move(body_), plan_.after_scripts());
    body_ = json::apply_patches(std::move(body_), call_.edits);
    chat::Losses losses;
    body_ = fit_window({&provider_, model_}, codec_.protocol, call_.conversation, std::move(body_),
                       losses);
    if (!losses.empty()) traced(losses);
}

Result<void> UpstreamCall::take_edited(const chat::Conversation& shown,
                                       const plugin::OpenAiView& view, std::string text) {
    own_request_ = plugin::is_own_request(text);
    if (own_request_) {
        body_ = json::SplicedText(std::move(text));
        return {};
    }
    TRY(const plugin::EditedRequest edited, plugin::edited(shown, view, text));
    // A platform's address was made for the model and the form that were asked for.
    if (provider_.platform == config::Platform::direct) {
        sent_model_ = edited.model;
        target_.model = sent_model_;
        target_.stream = edited.conversation.stream;
        endpoint_ = codec_.endpoint(target_);
    } else {
        tell_kept(edited, model_, target_.stream, losses_);
    }
    const std::string& model = sent_model_.empty() ? model_ : sent_model_;
    body_ = completed(codec_.encode_request(edited.conversation, target_), edited.conversation,
                      model, losses_);
    body_ = json::apply_patches(std::move(body_), edited.members);
    return {};
}

// Adapters, media and what was restored are in the conversation while a request is made of it.
void UpstreamCall::release_conversation() {
    sent_.reset();
    restored_.reset();
    media_.reset();
}

std::unique_ptr<wire::StreamDecoder> UpstreamCall::open_decoder() const {
    return lens_ ? lens_->open_decoder() : codec_.open_decoder(target_);
}

Result<chat::Reply> UpstreamCall::decode_reply(std::string_view body) {
    return lens_ ? lens_->decode_reply(body) : codec_.decode_reply(body, target_);
}

}  // namespace ccr::gateway
