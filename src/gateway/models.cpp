#include "gateway/models.h"

#include "base/text_case.h"
#include "json/writer.h"

namespace ccr::gateway {
namespace {

bool survives_discovery(const std::string& id) {
    const std::string lower = lower_case(id);
    return lower.find("claude") != std::string::npos ||
           lower.find("anthropic") != std::string::npos;
}

std::string listed_id(const std::string& plain) {
    return survives_discovery(plain) ? plain : "anthropic:" + plain;
}

void model(json::Writer& w, const std::string& provider, const std::string& plain) {
    w.open_object().member("type", "model").member("object", "model");
    w.member("id", std::string_view(listed_id(plain)));
    w.member("display_name", std::string_view(plain)).member("created_at", "1970-01-01T00:00:00Z");
    w.member("created", std::int64_t{0})
        .member("owned_by", std::string_view(provider))
        .close_object();
}

}  // namespace

std::string models_body(const config::Config& config) {
    std::string body, first, last;
    json::Writer w(body);
    w.open_object().member("object", "list").key("data").open_array();
    for (const config::Provider& provider : config.providers) {
        for (const std::string& name : provider.models) {
            const std::string plain = provider.name + "," + name;
            model(w, provider.name, plain);
            last = listed_id(plain);
            if (first.empty()) first = last;
        }
    }
    w.close_array().key("has_more").boolean(false);
    first.empty() ? w.key("first_id").null() : w.member("first_id", std::string_view(first));
    last.empty() ? w.key("last_id").null() : w.member("last_id", std::string_view(last));
    w.close_object();
    return body;
}

}  // namespace ccr::gateway
