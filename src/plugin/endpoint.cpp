#include "plugin/endpoint.h"

#include <algorithm>

#include "json/document.h"
#include "json/writer.h"

namespace ccr::plugin {
namespace {

constexpr std::string_view kRequestHook = "transformRequestOut";

// Takes the first segment off `rest`, which begins with '/' or is empty.
std::string_view next_segment(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(end);
    return segment;
}

void begin_head(std::string_view what, const GrantSet& grants, std::string_view plugin,
                json::Writer& out) {
    out.open_object().member("do", what).member("plugin", plugin).member("hook", kRequestHook);
    write_scripts(grants, out);
}

}  // namespace

bool serves(const Endpoint& endpoint, std::string_view path) {
    std::string_view pattern = endpoint.path;
    while (!pattern.empty() && !path.empty()) {
        const std::string_view wanted = next_segment(pattern);
        const std::string_view is = next_segment(path);
        const bool any = wanted.starts_with("/:") && is.size() > 1;
        if (!any && wanted != is) return false;
    }
    return pattern.empty() && path.empty();
}

Result<std::unique_ptr<HostCall>> ask_endpoints(Link& link, const config::Config& config,
                                                const GrantSet& grants) {
    std::string head;
    json::Writer out(head);
    begin_head("endpoints", grants, "", out);
    out.close_object();
    return link.ask(config, grants, "transformers", "loading", head, {});
}

Result<std::vector<Endpoint>> endpoints_in(const KeptFrame& frame) {
    json::Document document;
    TRY(const json::View head, document.parse(frame.head));
    std::vector<Endpoint> out;
    for (const json::View one : head["endpoints"].elements())
        out.push_back({one["name"].text().decode(), one["path"].text().decode()});
    return out;
}

Result<std::unique_ptr<HostCall>> ask_endpoint(Link& link, const config::Config& config,
                                               const GrantSet& grants, const std::string& name,
                                               const RequestView& request, std::string_view body) {
    std::string head;
    json::Writer out(head);
    begin_head("endpoint", grants, name, out);
    out.key("use").open_array().open_object().member("name", name).close_object().close_array();
    write_request(request, out);
    out.close_object();
    return link.ask(config, grants, name, std::string(kRequestHook), head, body);
}

}  // namespace ccr::plugin
