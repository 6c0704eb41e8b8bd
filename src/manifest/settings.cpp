#include "manifest/settings.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "manifest/condition.h"
#include "manifest/question.h"
#include "manifest/value_path.h"

namespace ccr::manifest {
namespace {

constexpr std::string_view kTemplate = "/template";

std::string as_text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.is_null() ? "" : value.dump();
}

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

/// Puts answers into texts.
class Filling {
  public:
    explicit Filling(const Json& answers) : answers_(answers) {}

    void fill(Json& value) const {
        if (value.is_string()) {
            value = filled(value.get_ref<const std::string&>());
        } else if (value.is_structured()) {
            for (Json& each : value) fill(each);
        }
    }

    /// An answer as it is, for a text that is nothing but its name.
    Json typed(const Json& value) const {
        if (!value.is_string()) return value;
        const auto& text = value.get_ref<const std::string&>();
        if (!text.starts_with("#{") || !text.ends_with('}')) return value;
        const std::string id = text.substr(2, text.size() - 3);
        return is_word(id) ? answers_.value(id, Json()) : value;
    }

  private:
    std::string filled(std::string_view text) const {
        std::string out;
        while (!text.empty()) {
            const std::size_t at = text.find_first_of("#{");
            out += text.substr(0, at);
            if (at == std::string_view::npos) break;
            text.remove_prefix(at);
            const std::size_t done = replace_front(text, out);
            if (done == 0) out += text.front();
            text.remove_prefix(std::max<std::size_t>(done, 1));
        }
        return out;
    }

    // `#{word}` always, with nothing for an unknown one; `{{word}}` only where there is such an
    // answer, because braces stand in prompts too. Returns how much of `text` is done; 0 = none.
    std::size_t replace_front(std::string_view text, std::string& out) const {
        const bool is_hash = text.starts_with("#{");
        if (!is_hash && !text.starts_with("{{")) return 0;
        const std::string_view close = is_hash ? "}" : "}}";
        const std::size_t end = text.find(close);
        if (end == std::string_view::npos) return 0;
        const std::string id(text.substr(2, end - 2));
        if (!is_word(id) || (!is_hash && !answers_.contains(id))) return 0;
        out += as_text(answers_.value(id, Json()));
        return end + close.size();
    }

    const Json& answers_;
};

// A template becomes the root, and so do the places of what is in it.
config::Document template_of(const Manifest& manifest) {
    config::Document out;
    *out.root = manifest.root()["template"];
    for (const auto& [pointer, span] : manifest.document.spans) {
        if (pointer.starts_with(kTemplate)) out.spans[pointer.substr(kTemplate.size())] = span;
    }
    return out;
}

config::Document own_members(const Manifest& manifest) {
    config::Document out;
    *out.root = Json::object();
    for (const auto& [key, value] : manifest.root().items()) {
        if (!is_metadata(key) && !is_dynamic(key)) (*out.root)[key] = value;
    }
    out.spans = manifest.document.spans;
    return out;
}

Result<void> apply_mappings(const Manifest& manifest, const Json& answers, Json& root) {
    const Filling filling(answers);
    for (const Json& mapping : manifest.root().value("configMappings", Json::array())) {
        if (!mapping.is_object() || !holds(mapping.value("when", Json()), answers)) continue;
        const std::string target = as_text(mapping.value("target", Json()));
        auto set = set_value(root, target, filling.typed(mapping.value("value", Json())));
        if (!set)
            return fail(ErrorKind::config, fmt::format("{}: configMappings: {}", manifest.file(),
                                                       set.error().message));
    }
    // An older form: an answer whose name is a place.
    for (const auto& [id, value] : answers.items()) {
        if (id.find_first_of(".[") == std::string::npos) continue;
        auto set = set_value(root, id, value);
        if (!set)
            return fail(ErrorKind::config,
                        fmt::format("{}: userValues: {}", manifest.file(), set.error().message));
    }
    return {};
}

Result<void> put_answers(const Manifest& manifest, const Json& answers, bool is_template,
                         Json& root) {
    Filling(answers).fill(root);
    if (!is_template) {
        for (const Question& question : questions_of(manifest)) root.erase(question.id);
    }
    return apply_mappings(manifest, answers, root);
}

void make_absolute(Json& object, const char* key, const std::string& directory) {
    if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return;
    const auto path = object[key].get<std::string>();
    const bool is_elsewhere = path.empty() || path.front() == '/' || path.front() == '~' ||
                              path.front() == '$' || (path.size() > 2 && path[1] == ':');
    if (!is_elsewhere)
        object[key] = (std::filesystem::path(directory) / path).lexically_normal().string();
}

void make_paths_absolute(Json& root, const std::string& directory) {
    make_absolute(root, "CUSTOM_ROUTER_PATH", directory);
    make_absolute(root, "REWRITE_SYSTEM_PROMPT", directory);
    if (root.contains("transformers") && root["transformers"].is_array()) {
        for (Json& each : root["transformers"]) make_absolute(each, "path", directory);
    }
    if (!root.contains("StatusLine") || !root["StatusLine"].is_object()) return;
    for (Json& theme : root["StatusLine"]) {
        if (!theme.is_object() || !theme.contains("modules") || !theme["modules"].is_array())
            continue;
        for (Json& module : theme["modules"]) make_absolute(module, "scriptPath", directory);
    }
}

}  // namespace

Result<config::Document> settings_of(const Manifest& manifest) {
    const Json answers = completed_answers(manifest);
    const auto from = manifest.root().find("template");
    const bool is_template = !answers.empty() && from != manifest.root().end() && from->is_object();
    config::Document out = is_template ? template_of(manifest) : own_members(manifest);
    if (!answers.empty()) {
        TRY_DO(put_answers(manifest, answers, is_template, *out.root));
    }
    make_paths_absolute(*out.root, manifest.directory);
    return out;
}

Result<config::Document> configuration_of(const Manifest& manifest) {
    TRY(config::Document out, settings_of(manifest));
    for (const char* key : {"noServer", "claudeCodeSettings", "provider"}) out.root->erase(key);
    return out;
}

}  // namespace ccr::manifest
