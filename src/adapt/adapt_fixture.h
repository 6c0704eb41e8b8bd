// What the tests of this room share: a provider from configuration text, a Chat answer through
// decoder, plan and fold, as a stream cut anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapt/plan.h"
#include "chat/reply.h"
#include "config/config.h"
#include "json/document.h"

namespace ccr::adapt::fixture {

/// The first provider of a configuration that has it alone (JSON5); fails the test when there are
/// findings.
config::Provider provider(std::string_view json5);

/// A Messages request decoded, with the bytes it views.
struct Request {
    explicit Request(std::string text, Protocol speaks = Protocol::anthropic);
    Protocol protocol;
    std::string body;
    json::Document document;
    json::View root;
    chat::Conversation conversation;
};

/// The bytes that `provider` gets for `request` and model "m".
std::string sent(const config::Provider& provider, const Request& request,
                 std::string_view model = "m");

/// What is told as lost of that request.
chat::Losses losses(const config::Provider& provider, const Request& request,
                    std::string_view model = "m");

/// One reply out of Chat stream chunks (each a JSON object), fed to decoder and plan in pieces of
/// `piece` bytes; checks the grammar on the way. The request is gone by then, as behind a stream's
/// first content.
chat::Reply streamed(const config::Provider& provider, const Request& request,
                     const std::vector<std::string>& chunks, std::size_t piece = 1u << 20);
/// The same of a whole Chat answer.
chat::Reply whole(const config::Provider& provider, const Request& request, std::string_view body);

/// "text:...|thinking:...|call:name{...}|stop" of a reply.
std::string shown(const chat::Reply& reply);

/// A chunk with this delta; "" = none, and with a finish reason if one is given.
std::string chunk(std::string_view delta, std::string_view finish = "");

}  // namespace ccr::adapt::fixture
