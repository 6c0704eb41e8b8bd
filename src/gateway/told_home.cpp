#include "gateway/told_home.h"

#include "json/document.h"
#include "json/writer.h"

namespace ccr::gateway {

std::string told_home(const route::Facts& facts) {
    std::string out;
    json::Writer w(out);
    w.open_object().member("last_input_tokens", facts.last_input_tokens);
    if (facts.home) {
        w.key("home").open_object();
        w.member("target", std::string_view(to_string(facts.home->target)));
        w.member("chosen", std::string_view(to_string(facts.home->chosen)));
        w.member("cached_tokens", facts.home->cached_tokens);
        w.member("idle_seconds", std::int64_t{facts.home->idle.count()}).close_object();
    }
    w.close_object();
    return out;
}

void take_home(std::string_view told, route::Facts& facts) {
    const std::string text(told);
    json::Document document;
    const auto root = document.parse(text);
    if (!root || !root->is_object()) return;
    facts.last_input_tokens = (*root)["last_input_tokens"].integer().value_or(0);
    const json::View home = (*root)["home"];
    if (!home.is_object() || !home["target"].is_string()) return;
    const auto target = config::parse_model_ref(home["target"].text().decode());
    if (!target) return;
    route::Home& out = facts.home.emplace();
    out.target = *target;
    if (home["chosen"].is_string()) {
        const auto chosen = config::parse_model_ref(home["chosen"].text().decode());
        if (chosen) out.chosen = *chosen;
    }
    out.cached_tokens = home["cached_tokens"].integer().value_or(0);
    out.idle = std::chrono::seconds(home["idle_seconds"].integer().value_or(0));
}

}  // namespace ccr::gateway
