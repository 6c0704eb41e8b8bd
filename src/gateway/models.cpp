#include "gateway/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text_case.h"
#include "config/nearest.h"
#include "json/writer.h"
#include "route/facts.h"

namespace ccr::gateway {
namespace {

using config::ModelName;
using config::ModelRef;
using json::Writer;

/// One line of the list.
struct Entry {
    std::string name;  // "provider,model", or an alias
    std::string shown;
    ModelRef target;
};

bool survives_discovery(const std::string& id) {
    const std::string lower = lower_case(id);
    return lower.find("claude") != std::string::npos ||
           lower.find("anthropic") != std::string::npos;
}

std::string listed_id(const Entry& entry, Listing listing) {
    if (listing == Listing::gemini) return "models/" + entry.name;
    const bool is_hidden = listing == Listing::anthropic && !survives_discovery(entry.name);
    return is_hidden ? "anthropic:" + entry.name : entry.name;
}

// ai.google.dev/api/models, "Resource: models"; without the limits, which nobody has told.
void write_gemini(Writer& w, const Entry& entry) {
    w.open_object().member("name", std::string_view(listed_id(entry, Listing::gemini)));
    w.member("baseModelId", std::string_view(entry.name)).member("version", "1");
    w.member("displayName", std::string_view(entry.shown));
    w.key("supportedGenerationMethods").open_array();
    for (const std::string_view method : {"generateContent", "countTokens"}) w.string(method);
    w.close_array().close_object();
}

void write_entry(Writer& w, const Entry& entry, Listing listing) {
    if (listing == Listing::gemini) return write_gemini(w, entry);
    w.open_object().member("type", "model").member("object", "model");
    w.member("id", std::string_view(listed_id(entry, listing)));
    w.member("display_name", std::string_view(entry.shown));
    w.member("created_at", "1970-01-01T00:00:00Z").member("created", std::int64_t{0});
    w.member("owned_by", std::string_view(entry.target.provider)).close_object();
}

Entry entry_of(ModelRef model) {
    const std::string name = to_string(model);
    return {name, name, std::move(model)};
}

// The user's own names first: they were made to be chosen. What a wildcard stands for is a model
// like others, though its provider may not list it.
std::vector<Entry> entries(const config::Config& config) {
    std::vector<Entry> all;
    for (const ModelName& name : config.routing.models) {
        if (name.kind == ModelName::Kind::alias)
            all.push_back({name.name, fmt::format("{} ({})", name.name, to_string(name.target)),
                           name.target});
    }
    for (const config::Provider& provider : config.providers) {
        for (const std::string& model : provider.models)
            all.push_back(entry_of({provider.name, model, {}}));
    }
    for (const ModelName& name : config.routing.models) {
        const std::string target = to_string(name.target);
        if (name.kind == ModelName::Kind::wildcard &&
            std::ranges::find(all, target, &Entry::name) == all.end())
            all.push_back(entry_of(name.target));
    }
    return all;
}

void id_or_null(Writer& w, std::string_view key, const std::vector<Entry>& all, std::size_t at,
                Listing listing) {
    w.key(key);
    all.empty() ? w.null() : w.string(listed_id(all[at], listing));
}

std::optional<Entry> find(const config::Config& config, const std::string& asked) {
    const std::string wanted = lower_case(asked);
    for (Entry& entry : entries(config)) {
        if (lower_case(entry.name) == wanted) return std::move(entry);
    }
    const auto model = config.find_model(asked);
    return model ? std::optional(entry_of(*model)) : std::nullopt;
}

}  // namespace

std::string models_body(const config::Config& config, Listing listing) {
    const std::vector<Entry> all = entries(config);
    std::string body;
    Writer w(body);
    w.open_object();
    if (listing != Listing::gemini) w.member("object", "list");
    w.key(listing == Listing::gemini ? "models" : "data").open_array();
    for (const Entry& entry : all) write_entry(w, entry, listing);
    w.close_array();
    if (listing != Listing::gemini) {
        w.key("has_more").boolean(false);
        id_or_null(w, "first_id", all, 0, listing);
        id_or_null(w, "last_id", all, all.size() - 1, listing);
    }
    w.close_object();
    return body;
}

Result<std::string> model_body(const config::Config& config, Listing listing,
                               std::string_view asked) {
    const std::string name(route::without_discovery_prefix(asked, config.routing));
    const auto entry = find(config, name);
    if (!entry) {
        std::vector<std::string> ids;
        for (const Entry& each : entries(config)) ids.push_back(each.name);
        return fail(ErrorKind::not_found,
                    fmt::format("There is no model '{}'{}. Configured models: {}.", name,
                                config::did_you_mean(config::nearest(name, ids)),
                                ids.empty() ? "none" : config::listed(ids)));
    }
    std::string body;
    Writer w(body);
    write_entry(w, *entry, listing);
    return body;
}

}  // namespace ccr::gateway
