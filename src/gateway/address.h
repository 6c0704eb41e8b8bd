// Address: what a request's method, path and query ask for, and whose language the caller speaks.
//
// Pure functions of the request head. The protocols whose codec is absent have no addresses.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http_server.h"

namespace ccr::gateway {

enum class Page : std::uint8_t {
    banner,
    health,
    hello,
    models,  // the list
    model,   // one of them
    answer,  // a model's answer to a conversation
    count,   // how many tokens a conversation has
};

struct Address {
    std::string
        preset;  // whose configuration answers: `/preset/NAME` before the path; "" = the main one
    Page page = Page::banner;
    Protocol client = Protocol::anthropic;  // in whose shape it is answered
    std::string model;                      // named by the path, decoded; "" = the body names it
    bool stream = false;                    // asked for by the path
    /// Gemini's stream without `alt=sse`: the pieces of the answer as one JSON array.
    bool as_array = false;
    bool is_public = false;  // no key needed
};

/// What stands in for the reference's web interface and its management API.
inline constexpr std::string_view kNoWebInterface =
    "this version has no web interface and no API for it; `ccr config` and `ccr model` change the "
    "configuration, `ccr top` and `ccr logs` show what runs";

/// Every address stands below `/preset/NAME`, too. Error: not_found naming the clients' addresses,
/// or method_not_allowed.
Result<Address> address_of(const net::RequestHead& head);

/// A path apart from the preset's namespace that it lies in. `/preset/NAME` alone is as good as
/// `/preset/NAME/`.
struct NamespacedPath {
    std::string preset;     // decoded; "" = none
    std::string_view rest;  // begins with '/'
};
NamespacedPath without_preset(std::string_view path);

/// In whose shape a caller is refused: by the path, and where that does not tell by its headers.
Protocol reader_of(const net::RequestHead& head);
/// The same from the target alone, of a request whose head could not be read.
Protocol reader_of_target(std::string_view target);

/// Whether the caller sends what only Anthropic's clients send.
bool is_anthropic_client(const net::RequestHead& head);

}  // namespace ccr::gateway
