#include "gateway/models.h"

#include <fmt/format.h>

#include "base/text_case.h"
#include "config/nearest.h"
#include "json/writer.h"
#include "route/facts.h"

namespace ccr::gateway {
namespace {

using config::ModelRef;
using json::Writer;

bool survives_discovery(const std::string& id) {
    const std::string lower = lower_case(id);
    return lower.find("claude") != std::string::npos ||
           lower.find("anthropic") != std::string::npos;
}

std::string listed_id(const ModelRef& model, Listing listing) {
    std::string plain = model.provider + "," + model.model;
    if (listing == Listing::gemini) return "models/" + plain;
    const bool is_hidden = listing == Listing::anthropic && !survives_discovery(plain);
    return is_hidden ? "anthropic:" + plain : plain;
}

// ai.google.dev/api/models, "Resource: models"; without the limits, which nobody has told.
void write_gemini(Writer& w, const ModelRef& model) {
    const std::string plain = model.provider + "," + model.model;
    w.open_object().member("name", std::string_view(listed_id(model, Listing::gemini)));
    w.member("baseModelId", std::string_view(plain)).member("version", "1");
    w.member("displayName", std::string_view(plain));
    w.key("supportedGenerationMethods").open_array();
    for (const std::string_view method : {"generateContent", "countTokens"}) w.string(method);
    w.close_array().close_object();
}

void write_model(Writer& w, const ModelRef& model, Listing listing) {
    if (listing == Listing::gemini) return write_gemini(w, model);
    const std::string plain = model.provider + "," + model.model;
    w.open_object().member("type", "model").member("object", "model");
    w.member("id", std::string_view(listed_id(model, listing)));
    w.member("display_name", std::string_view(plain)).member("created_at", "1970-01-01T00:00:00Z");
    w.member("created", std::int64_t{0});
    w.member("owned_by", std::string_view(model.provider)).close_object();
}

std::vector<ModelRef> configured(const config::Config& config) {
    std::vector<ModelRef> all;
    for (const config::Provider& provider : config.providers) {
        for (const std::string& name : provider.models) all.push_back({provider.name, name, {}});
    }
    return all;
}

void id_or_null(Writer& w, std::string_view key, const std::vector<ModelRef>& models,
                std::size_t at, Listing listing) {
    w.key(key);
    models.empty() ? w.null() : w.string(listed_id(models[at], listing));
}

std::optional<ModelRef> find(const config::Config& config, const std::string& asked) {
    const auto named = config::parse_model_ref(asked);
    if (!named) return config.find_model(asked);
    for (const ModelRef& model : configured(config)) {
        if (lower_case(model.provider) == lower_case(named->provider) &&
            lower_case(model.model) == lower_case(named->model))
            return model;
    }
    return std::nullopt;
}

}  // namespace

std::string models_body(const config::Config& config, Listing listing) {
    const std::vector<ModelRef> models = configured(config);
    std::string body;
    Writer w(body);
    w.open_object();
    if (listing != Listing::gemini) w.member("object", "list");
    w.key(listing == Listing::gemini ? "models" : "data").open_array();
    for (const ModelRef& model : models) write_model(w, model, listing);
    w.close_array();
    if (listing != Listing::gemini) {
        w.key("has_more").boolean(false);
        id_or_null(w, "first_id", models, 0, listing);
        id_or_null(w, "last_id", models, models.size() - 1, listing);
    }
    w.close_object();
    return body;
}

Result<std::string> model_body(const config::Config& config, Listing listing,
                               std::string_view asked) {
    const std::string name(route::without_discovery_prefix(asked));
    const auto model = find(config, name);
    if (!model) {
        std::vector<std::string> ids;
        for (const ModelRef& each : configured(config))
            ids.push_back(each.provider + "," + each.model);
        return fail(ErrorKind::not_found,
                    fmt::format("There is no model '{}'{}. Configured models: {}.", name,
                                config::did_you_mean(config::nearest(name, ids)),
                                ids.empty() ? "none" : config::listed(ids)));
    }
    std::string body;
    Writer w(body);
    write_model(w, *model, listing);
    return body;
}

}  // namespace ccr::gateway
