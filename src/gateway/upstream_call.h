// UpstreamCall: one attempt at one target - its request, its deadlines and its answer under way.
//
// Lives in one request's coroutine; destroying it cancels the transfer.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapt/plan.h"
#include "gateway/answer_lens.h"
#include "gateway/authorization.h"
#include "gateway/call.h"
#include "gateway/client_stream.h"
#include "gateway/mending.h"
#include "gateway/patience.h"
#include "gateway/scripted.h"
#include "plugin/openai_view.h"
#include "store/call_watch.h"
#include "store/restored.h"

namespace ccr::gateway {

class UpstreamCall {
  public:
    /// Encodes (or splices) the request for `attempt`. `call` and the attempt's provider must
    /// outlive this.
    UpstreamCall(Call& call, const route::Attempt& attempt);
    ~UpstreamCall();

    /// Sends it and waits for a 2xx head, keeping `client` (if any) company. Error: what the
    /// provider or the network said, for the client.
    net::Task<Result<void>> start(ClientStream* client);

    /// After an answer that was an error in spite of its 2xx: whether start() will send a request
    /// that is mended by what the error said.
    bool mended_after(const Error& error);

    /// The next bytes, "" at the end. `complete`: a terminal event was seen,
    /// which bounds the wait for what may follow it.
    net::Task<Result<std::string_view>> next(ClientStream* client, bool has_content, bool complete);
    /// The rest of the body, up to `limit` bytes.
    net::Task<Result<std::string>> read_all(std::size_t limit, ClientStream* client);
    /// Frees the request, which will not be sent again.
    void let_go_of_request();
    /// Lets the answer's last bytes come in, so that its connection can be used again. Bounded.
    net::Task<void> drain();

    /// For what has come, after the user's scripts.
    std::unique_ptr<wire::StreamDecoder> open_decoder() const;
    Result<chat::Reply> decode_reply(std::string_view body);

    bool verbatim() const { return verbatim_; }
    /// The provider was sent a request.
    bool was_sent() const { return response_ != nullptr; }
    /// Remembers what the provider will want back with its tool calls; nullptr on the verbatim
    /// lane, where clients keep it themselves.
    store::CallWatch* watch() { return watch_ ? &*watch_ : nullptr; }
    /// For the framing of this answer.
    std::unique_ptr<net::MessageParser> open_parser() const;
    /// The answer is a stream of events.
    bool is_stream() const;
    const wire::Codec& codec() const { return codec_; }
    const wire::Target& target() const { return target_; }
    const config::Provider& provider() const { return provider_; }
    /// The answer has begun well; and, when that was too early, how it ended. For what is
    /// remembered of the target.
    void began_well();
    void broke_off(const Error& error) const;
    /// Whether another upstream may go on where this one breaks off.
    bool may_be_continued() const;
    const Patience& patience() const { return patience_; }
    /// When the provider last proved to be alive.
    net::Clock::time_point last_byte() const { return response_ ? response_->last_byte() : began_; }
    Error too_slow() const;
    /// What this provider and model want differently; answers pass it on the translated lane.
    adapt::Plan& plan() { return plan_; }

  private:
    net::ClientRequest request() const;
    net::Task<Result<void>> send(ClientStream* client);
    bool mend(const Refusal& refusal, const Error& error);
    bool another_try_can_help(const Error& error);
    net::Task<Result<void>> refused(int status);
    wire::SplicedRequest encoded();
    std::string_view lane() const;
    void traced(const chat::Losses& losses);
    void watch_calls();
    json::SplicedText completed(wire::SplicedRequest request,
                                const chat::Conversation& conversation, const std::string& model,
                                chat::Losses& losses);
    json::SplicedText fit_to_platform(json::SplicedText body, chat::Losses& losses) const;
    // The user's scripts (upstream_scripts.cpp): at Chat they edit the encoded bytes, at other
    // protocols a view of the conversation.
    bool edits_bytes() const;
    bool may_be_sent_again() const;
    net::Task<Result<void>> edit_by_scripts(ClientStream* client);
    Result<void> take_edited(const chat::Conversation& shown, const plugin::OpenAiView& view,
                             std::string text);
    void apply_after_scripts();
    void release_conversation();
    std::string proxy() const;
    Error timed_out(std::string_view phase) const;
    net::Deadline total_deadline() const;

    Call& call_;
    const config::Provider& provider_;
    const Patience patience_;
    std::string model_;
    const wire::Codec& codec_;
    wire::Target target_;
    wire::Endpoint endpoint_;
    adapt::Plan plan_;
    bool same_protocol_;
    chat::Losses media_losses_;
    // In the conversation while the request is encoded, and again after scripts of another
    // protocol's provider:
    std::optional<MediaInPlace> media_;
    std::optional<store::Restored> restored_;
    std::unique_ptr<chat::Conversation> sent_;  // as adapters have it
    Scripted scripted_;
    bool asked_scripts_ = false;
    bool own_request_ = false;  // a script made the provider's own
    std::string sent_model_;    // a script's
    chat::Losses losses_;       // of the request that scripts are about to see
    std::shared_ptr<AnswerLens> lens_;
    bool verbatim_;
    Authorization authorization_;
    Mending mending_;
    bool is_watched_ = false;  // translated: what calls of its answer want back is kept
    std::optional<store::CallWatch> watch_;
    json::SplicedText body_;          // views the client's own on the verbatim lane
    std::optional<Refusal> refusal_;  // of the request sent last
    std::unique_ptr<net::ClientResponse> response_;
    net::Clock::time_point began_ = net::Clock::now();  // the request sent last
    const net::Clock::time_point first_began_ = began_;
    net::Deadline trailing_ends_ = net::kNever;  // set when the terminal event was seen
};

/// Why a provider cannot be called at all, if so: its own finding, or a wire that is not spoken.
Result<void> usable(const config::Provider& provider);

}  // namespace ccr::gateway
