#include "plugin/transform.h"

#include <fmt/format.h>

#include "json/document.h"
#include "json/writer.h"

namespace ccr::plugin {
namespace {

void write_provider(const TransformQuestion& question, json::Writer& out) {
    out.key("provider").open_object();
    out.member("name", question.provider.name).member("baseUrl", question.provider.base_url);
    out.member("apiKey", question.provider.api_key).key("models").open_array();
    for (const std::string& model : question.provider.models) out.string(model);
    out.close_array().close_object();
}

using Uses = std::vector<const config::TransformerUse*>;

void begin_head(std::string_view what, const GrantSet& grants, const Uses& uses,
                json::Writer& out) {
    out.open_object().member("do", what);
    out.member("plugin", uses.front()->name).member("hook", "transformRequestIn");
    write_scripts(grants, out);
    out.key("use").open_array();
    for (const config::TransformerUse* use : uses) {
        out.open_object().member("name", use->name);
        if (!use->options.empty()) write_options(use->options, out);
        out.close_object();
    }
    out.close_array();
}

std::string head_of(const TransformQuestion& question, bool skips) {
    std::string head;
    json::Writer out(head);
    begin_head("transform", question.grants, question.use, out);
    write_provider(question, out);
    out.member("model", question.model).key("skip").boolean(skips);
    write_request(question.request, out);
    out.close_object();
    return head;
}

}  // namespace

std::vector<const config::TransformerUse*> scripts_of(const config::Provider& provider,
                                                      std::string_view model) {
    std::vector<const config::TransformerUse*> out;
    const auto add = [&out](const std::vector<config::TransformerUse>& list) {
        for (const config::TransformerUse& use : list) {
            if (use.is_script) out.push_back(&use);
        }
    };
    add(provider.use);
    for (const config::ModelTransformers& entry : provider.model_use) {
        if (entry.model == model) add(entry.use);
    }
    return out;
}

Result<std::unique_ptr<HostCall>> ask_transformers(Link& link, const config::Config& config,
                                                   const TransformQuestion& question) {
    const std::string head = head_of(question, config.scripts.skip_failed);
    return link.ask(config, question.grants, question.use.front()->name, "transformRequestIn", head,
                    question.body);
}

Result<std::unique_ptr<HostCall>> ask_names(Link& link, const config::Config& config,
                                            const GrantSet& grants, const Uses& use) {
    std::string head;
    json::Writer out(head);
    begin_head("names", grants, use, out);
    out.close_object();
    return link.ask(config, grants, use.front()->name, "loading", head, {});
}

Result<RegisteredNames> names_in(const KeptFrame& frame) {
    json::Document document;
    TRY(const json::View head, document.parse(frame.head));
    RegisteredNames out;
    for (const json::View name : head["names"].elements())
        out.names.push_back(name.text().decode());
    for (const json::View problem : head["problems"].elements())
        out.problems.push_back(problem.text().decode());
    return out;
}

Result<Transformed> transformed_by(KeptFrame frame) {
    json::Document document;
    TRY(const json::View head, document.parse(frame.head));
    Transformed out;
    out.url = head["url"].text().decode();
    out.answers = head["answers"].boolean().value_or(false);
    if (head["changed"].boolean().value_or(false)) out.body = std::move(frame.body);
    for (const json::View failure : head["failures"].elements())
        out.failures.push_back(failure.text().decode());
    for (const auto& [key, value] : head["headers"].members()) {
        auto& header = out.headers.emplace_back(key.text().decode(), std::nullopt);
        if (value.is_string()) header.second = value.text().decode();
    }
    return out;
}

}  // namespace ccr::plugin
