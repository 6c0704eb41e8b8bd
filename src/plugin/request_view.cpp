#include "plugin/request_view.h"

#include <algorithm>
#include <vector>

#include "base/text_case.h"
#include "plugin/grants.h"

namespace ccr::plugin {
namespace {

// Node joins a header that came in several lines, and has all names in lower case.
void write_headers(const net::Headers& headers, json::Writer& out) {
    out.open_object();
    std::vector<std::string> done;
    for (const auto& [name, value] : headers) {
        const std::string lower = lower_case(name);
        if (std::ranges::find(done, lower) != done.end()) continue;
        done.push_back(lower);
        std::string all;
        for (const auto& [other, more] : headers) {
            if (net::iequals(other, name)) all += (all.empty() ? "" : ", ") + more;
        }
        std::string key;
        json::escape_to(key, lower);
        out.escaped_key(json::Text::from_escaped(key)).string(all);
    }
    out.close_object();
}

}  // namespace

void write_request(const RequestView& request, json::Writer& out) {
    std::string url(request.path);
    if (!request.query.empty()) url += "?" + std::string(request.query);
    out.member("id", request.id).member("url", url).member("session", request.session);
    out.member("tokens", request.tokens).key("headers");
    write_headers(request.headers, out);
}

void write_options(const std::string& options, json::Writer& out) {
    out.key("options").raw(options.empty() ? "{}" : options);
}

void write_scripts(const GrantSet& grants, json::Writer& out) {
    out.key("scripts").open_array();
    for (const config::ScriptFile* script : grants.transformers) {
        out.open_object().member("file", script->file);
        write_options(script->options, out);
        out.close_object();
    }
    out.close_array();
}

}  // namespace ccr::plugin
