// What scripts see of a client's request, as members of a call's head. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"
#include "net/headers.h"

namespace ccr::plugin {

/// Views; they must live while the script is asked.
struct RequestView {
    std::string_view id, path, query;
    const net::Headers& headers;
    std::string_view session;
    std::int64_t tokens = 0;
};

/// The members id, url, session, tokens and headers.
void write_request(const RequestView& request, json::Writer& out);

}  // namespace ccr::plugin
