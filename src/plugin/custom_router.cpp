#include "plugin/custom_router.h"

#include <algorithm>

#include "base/text_case.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::plugin {
namespace {

constexpr std::string_view kHook = "router";

std::string base_name(const std::string& file) {
    return file.substr(file.rfind('/') + 1);
}

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

std::string head_of(const config::Config& config, const std::string& plugin,
                    const RouterQuestion& question) {
    std::string head;
    json::Writer out(head);
    std::string url(question.path);
    if (!question.query.empty()) url += "?" + std::string(question.query);
    out.open_object();
    out.member("do", "route").member("file", config.scripts.custom_router);
    out.member("plugin", plugin).member("hook", kHook);
    out.member("id", question.id).member("url", url).member("session", question.session);
    out.member("tokens", question.tokens);
    out.key("headers");
    write_headers(question.headers, out);
    out.close_object();
    return head;
}

}  // namespace

net::Task<Result<RouterAnswer>> ask_router(Link& link, const config::Config& config,
                                           const RouterQuestion& question) {
    const std::string plugin = base_name(config.scripts.custom_router);
    const std::string head = head_of(config, plugin, question);
    CO_TRY(const auto call, link.ask(config, plugin, std::string(kHook), head, question.body));
    CO_TRY(const KeptFrame frame, co_await call->answer(config.scripts.router_time));
    json::Document document;
    CO_TRY(const json::View said, document.parse(frame.head));
    RouterAnswer answer{said["choice"].text().decode(), {}};
    for (const json::View reason : said["reasons"].elements())
        answer.reasons.push_back(reason.text().decode());
    co_return answer;
}

}  // namespace ccr::plugin
