// Members of a call's head: the scripts of a set, and what they see of a client's request. Pure
// functions.
#pragma once

#include <string>
#include <string_view>

#include "json/writer.h"
#include "net/headers.h"

namespace ccr::plugin {

struct GrantSet;

/// Views; they must live while the script is asked.
struct RequestView {
    std::string_view id, path, query;
    const net::Headers& headers;
    std::string_view session;
    std::int64_t tokens = 0;
};

/// The members id, url, session, tokens and headers.
void write_request(const RequestView& request, json::Writer& out);

/// The members file and options of each of its transformers' files, as the member scripts.
void write_scripts(const GrantSet& grants, json::Writer& out);
/// The member options, from JSON text; "" = none.
void write_options(const std::string& options, json::Writer& out);

}  // namespace ccr::plugin
