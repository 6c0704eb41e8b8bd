// Codec: everything the gateway needs to know about one wire protocol, as a table of functions.
//
// Stateless and thread-safe; decoders and encoders of streams are created per answer and live on
// one thread. Adding a protocol = one folder, one line in registry.cpp and golden cases.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "chat/conversation.h"
#include "chat/loss.h"
#include "chat/reply.h"
#include "chat/stream_event.h"
#include "json/document.h"
#include "json/splice.h"
#include "net/headers.h"
#include "net/sse.h"
#include "wire/place.h"

namespace ccr::wire {

/// Where a request goes, as far as a codec must know. Views into the configuration snapshot.
struct Target {
    std::string_view provider;
    std::string_view model;
    std::string_view base_url;  // the complete request URL, as configured
    std::string_view api_key;
    bool stream = false;
    bool cache_marks = false;  // Chat: takes cache_control on parts of a message
    bool cache_key = false;    // Chat: takes prompt_cache_key
};

/// What the address of a request says about it, for protocols that keep it out of the body
/// (Gemini: `models/<model>:streamGenerateContent`).
struct Asked {
    std::string_view model;  // "" where the body names it
    bool stream = false;
};

struct Encoded {
    std::string body;
    chat::Losses losses;
};

/// A request of the verbatim lane: the client's own bytes, which must outlive it, with splices. Or
/// bytes of ours.
struct SplicedRequest {
    SplicedRequest() = default;
    SplicedRequest(Encoded whole) : body(std::move(whole.body)), losses(std::move(whole.losses)) {}

    json::SplicedText body;
    chat::Losses losses;
};

/// Where to send a request and how to sign it.
struct Endpoint {
    std::string url;
    net::Headers headers;  // content-type, accept and the credential
};

/// What an encoder of answers needs to know of the request it answers.
struct AnswerContext {
    std::string_view request_id;              // ours; used where the upstream gave no id
    std::int64_t estimated_input_tokens = 0;  // for the first usage figures
    std::string_view model;                   // shown where the upstream named none
    bool include_usage = true;                // chat clients ask for the usage chunk
    /// The request itself, whose tools say how a call is spelled to this client (Responses: custom
    /// and namespaced tools). Looked at while an encoder is opened. nullptr: every call is a
    /// function's.
    const chat::Conversation* asked = nullptr;
};

/// What a protocol has no place for: a row of its wire's table (`losses.h`). Every loss of a
/// request is recorded from a row, and docs/losses.md is made of them.
struct NotCarried {
    std::string_view what;
    std::string_view why;      // one clause, in the record of a request too
    std::string_view instead;  // what the provider gets in its place
};

/// Records a loss of the kind `lost`, an enumerator of the wire's table; `what` says more exactly
/// what it was this time.
template <typename Kind>
void note(chat::Losses& losses, std::string where, std::string what, Kind lost) {
    losses.push_back({std::move(where), std::move(what), std::string(loss_of(lost).why)});
}
template <typename Kind>
void note(chat::Losses& losses, std::string where, Kind lost) {
    note(losses, std::move(where), std::string(loss_of(lost).what), lost);
}
template <typename Kind>
void note(chat::Losses& losses, const Place& where, std::string what, Kind lost) {
    note(losses, where.text(), std::move(what), lost);
}
template <typename Kind>
void note(chat::Losses& losses, const Place& where, Kind lost) {
    note(losses, where.text(), lost);
}

/// Messages of one upstream stream to events. After finish() the grammar is complete: one Finished
/// or Failed.
class StreamDecoder {
  public:
    virtual ~StreamDecoder() = default;
    /// Appends the events of one message. Their views are valid until the next call. Nothing after
    /// the end.
    virtual void feed(const net::SseMessage& message, chat::Events& out) = 0;
    /// The upstream has ended: appends what was held back, or Failed when its terminal event never
    /// came.
    virtual void finish(chat::Events& out) = 0;
    /// The terminal event was seen; only trailing figures may follow.
    virtual bool complete() const = 0;
};

/// Events to the client's stream bytes.
class StreamEncoder {
  public:
    virtual ~StreamEncoder() = default;
    /// Appends bytes. A second Started (of a later attempt) is ignored.
    virtual void feed(const chat::StreamEvent& event, std::string& out) = 0;
};

struct Codec {
    Protocol protocol;
    /// Error: invalid_request naming the member.
    Result<chat::Conversation> (*decode_request)(json::View body, const Asked&);
    Encoded (*encode_request)(const chat::Conversation&, const Target&);
    /// The verbatim lane: the client's own bytes but for the model name and what this target cannot
    /// take.
    SplicedRequest (*splice_request)(json::View body, const Target&);
    /// Error: upstream_protocol; an error object inside a 200 comes back as the error it is.
    Result<chat::Reply> (*decode_reply)(std::string_view body, const Target&);
    std::string (*encode_reply)(const chat::Reply&, const AnswerContext&);
    std::unique_ptr<StreamDecoder> (*open_decoder)(const Target&);
    std::unique_ptr<StreamEncoder> (*open_encoder)(const AnswerContext&);
    std::string (*encode_error)(const Error&, std::string_view request_id);
    Error (*decode_error)(int status, std::string_view body, const Target&);
    Endpoint (*endpoint)(const Target&);
    /// What requests lose on their way to a provider that speaks this protocol.
    std::span<const NotCarried> not_carried;
};

/// The codec of a protocol; nullptr for one that is not spoken.
const Codec* codec_of(Protocol protocol);

}  // namespace ccr::wire
