// Call: one client request on its way through the gateway, from the body to the last byte.
//
// Lives in the coroutine frame of its handler; everything it views lives as long.
#pragma once

#include <string>

#include "auth/google_tokens.h"
#include "config/config.h"
#include "config/project_routing.h"
#include "gateway/address.h"
#include "gateway/media_fetch.h"
#include "gateway/memory.h"
#include "gateway/pace.h"
#include "gateway/reasons.h"
#include "gateway/stops.h"
#include "gateway/token_meter.h"
#include "gateway/trace.h"
#include "json/document.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "plugin/link.h"
#include "plugin/request_view.h"
#include "wire/codec.h"

namespace ccr::gateway {

struct Call {
    net::Exchange& exchange;
    net::HttpClient& http;
    auth::GoogleTokens& google;
    plugin::Link& scripts;
    const Address& address;
    const wire::Codec& client;
    config::ConfigPtr config;
    config::ProjectRoutings* projects;  // nullptr = none
    const Pace& pace;
    Memory& memory;
    Trace& trace;
    Reasons& reasons;

    std::string body;
    json::Document document;
    json::View root;                  // of `body`
    chat::Conversation conversation;  // views into `body`
    route::Facts facts;
    json::Patches edits;         // by the user's rules, of the encoded request
    std::string home;            // of this conversation, for memory.homes
    bool wants_content = false;  // an empty reply would be asked for once more
    bool continues = false;      // an answer that broke off: the conversation is no longer `body`
    MediaOfRequest media;        // loaded for targets that take no URLs
    StoppableExchange* stop = nullptr;  // `exchange`, where it can be ended from outside
    TokenMeter* meter = nullptr;        // where somebody is told of the answer's speed

    /// Frees the body and all that views it or was made of it: an answer has begun behind which
    /// nobody will go back. Headers and facts stay.
    void let_go_of_body();
};

/// What an encoder of this call's answer needs to know. Views into `call`.
wire::AnswerContext answer_context(const Call& call);

/// What the user's scripts see of it. Views into `call`.
plugin::RequestView request_view(const Call& call);

}  // namespace ccr::gateway
