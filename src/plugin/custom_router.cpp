#include "plugin/custom_router.h"

#include <algorithm>

#include "json/document.h"
#include "json/writer.h"

namespace ccr::plugin {
namespace {

constexpr std::string_view kHook = "router";

std::string base_name(const std::string& file) {
    return file.substr(file.rfind('/') + 1);
}

std::string head_of(const config::Config& config, const std::string& plugin,
                    const RouterQuestion& question) {
    std::string head;
    json::Writer out(head);
    out.open_object();
    out.member("do", "route").member("file", config.scripts.custom_router);
    out.member("plugin", plugin).member("hook", kHook);
    write_request(question.request, out);
    out.close_object();
    return head;
}

}  // namespace

Result<std::unique_ptr<HostCall>> ask_router(Link& link, const config::Config& config,
                                             const RouterQuestion& question) {
    const std::string plugin = base_name(config.scripts.custom_router);
    const std::string head = head_of(config, plugin, question);
    const std::vector<GrantSet> sets = grant_sets(config);
    const auto its = std::ranges::find(sets, true, &GrantSet::has_router);
    return link.ask(config, *its, plugin, std::string(kHook), head, question.body);
}

net::Task<Result<RouterAnswer>> router_answer(HostCall& call, std::chrono::milliseconds time) {
    CO_TRY(const HostCall::Waited frame, co_await call.result(time, net::kNever));
    call.finish();
    json::Document document;
    CO_TRY(const json::View said, document.parse(frame->head));
    RouterAnswer answer{said["choice"].text().decode(), {}};
    for (const json::View reason : said["reasons"].elements())
        answer.reasons.push_back(reason.text().decode());
    co_return answer;
}

}  // namespace ccr::plugin
