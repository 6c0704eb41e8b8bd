#include "manifest/question.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "manifest/condition.h"

namespace ccr::manifest {
namespace {

std::string text_in(const Json& object, std::string_view key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<double> number_in(const Json& object, std::string_view key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number()) return std::nullopt;
    return found->get<double>();
}

Question question_of(const Json& entry) {
    Question out;
    out.id = text_in(entry, "id");
    out.type = text_in(entry, "type");
    if (out.type.empty()) out.type = "input";
    out.label = text_in(entry, "label");
    out.prompt = text_in(entry, "prompt");
    out.placeholder = text_in(entry, "placeholder");
    out.validator = text_in(entry, "validator");
    out.options = entry.value("options", Json());
    out.when = entry.value("when", Json());
    out.default_value = entry.value("defaultValue", Json());
    out.required = entry.value("required", Json(true)) != Json(false);
    out.least = number_in(entry, "min");
    out.most = number_in(entry, "max");
    for (const Json& id : entry.value("dependsOn", Json::array())) {
        if (id.is_string()) out.depends_on.push_back(id.get<std::string>());
    }
    return out;
}

/// Depth first, each once.
class Ordering {
  public:
    explicit Ordering(const std::vector<Question>& all) : all_(all) {}

    std::vector<Question> run() {
        for (const Question& question : all_) visit(question);
        return std::move(out_);
    }

  private:
    void visit(const Question& question) {
        if (!seen_.insert(question.id).second) return;
        for (const std::string& id : question.depends_on) visit(id);
        for (const std::string& id : fields_of(question.when)) visit(id);
        out_.push_back(question);
    }
    void visit(const std::string& id) {
        const auto found = std::ranges::find(all_, id, &Question::id);
        if (found != all_.end()) visit(*found);
    }

    const std::vector<Question>& all_;
    std::set<std::string> seen_;
    std::vector<Question> out_;
};

Choice choice_of(const Json& option) {
    if (!option.is_object())
        return {option.is_string() ? option.get<std::string>() : option.dump(), option, "", false};
    Choice out;
    out.value = option.value("value", Json());
    out.label = text_in(option, "label");
    if (out.label.empty())
        out.label = out.value.is_string() ? out.value.get<std::string>() : out.value.dump();
    out.description = text_in(option, "description");
    out.disabled = option.value("disabled", Json(false)) == Json(true);
    return out;
}

std::vector<Choice> listed(const Json& options) {
    std::vector<Choice> out;
    if (!options.is_array()) return out;
    for (const Json& option : options) out.push_back(choice_of(option));
    return out;
}

Json providers_in(const Manifest& manifest) {
    for (const std::string_view key : {"Providers", "providers"}) {
        const auto found = manifest.root().find(key);
        if (found != manifest.root().end() && found->is_array()) return *found;
    }
    const Json empty = Json::array();
    const auto from = manifest.root().find("template");
    return from != manifest.root().end() && from->is_object() ? from->value("Providers", empty)
                                                              : empty;
}

std::string name_of_provider(const Json& provider) {
    const std::string name = text_in(provider, "name");
    return name.empty() ? text_in(provider, "id") : name;
}

// "#{field}", "{{field}}" or "field".
std::string plain_field(std::string text) {
    for (const auto& [open, close] : {std::pair("#{", "}"), std::pair("{{", "}}")}) {
        if (!text.starts_with(open) || !text.ends_with(close)) continue;
        text = text.substr(2, text.size() - 2 - std::string_view(close).size());
    }
    return text;
}

std::vector<Choice> models_of(const Json& providers, const Json& name) {
    std::vector<Choice> out;
    for (const Json& provider : providers) {
        if (!provider.is_object() || Json(name_of_provider(provider)) != name) continue;
        for (const Json& model : provider.value("models", Json::array()))
            out.push_back(choice_of(model));
    }
    return out;
}

}  // namespace

const std::string& Question::title() const {
    if (!prompt.empty()) return prompt;
    return label.empty() ? id : label;
}

std::vector<Question> questions_of(const Manifest& manifest) {
    std::vector<Question> all;
    for (const Json& entry : manifest.root().value("schema", Json::array())) {
        if (!entry.is_object()) continue;
        Question question = question_of(entry);
        if (!question.id.empty()) all.push_back(std::move(question));
    }
    return Ordering(all).run();
}

std::vector<Choice> choices_of(const Question& question, const Manifest& manifest,
                               const Json& answers) {
    if (!question.options.is_object()) return listed(question.options);
    const std::string type = text_in(question.options, "type");
    if (type == "static") return listed(question.options.value("options", Json::array()));
    const Json providers = providers_in(manifest);
    if (type == "models") {
        const std::string field = plain_field(text_in(question.options, "providerField"));
        return models_of(providers, answers.value(field, Json()));
    }
    std::vector<Choice> out;
    if (type != "providers") return out;
    for (const Json& provider : providers) {
        if (!provider.is_object()) continue;
        const std::string name = name_of_provider(provider);
        out.push_back({name, name, text_in(provider, "api_base_url"), false});
    }
    return out;
}

Result<Json> answer_of_text(const Question& question, const std::string& text) {
    if (question.type == "number") {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size())
            return fail(ErrorKind::config,
                        fmt::format("{}: \"{}\" is no number", question.id, text));
        const auto whole = static_cast<std::int64_t>(number);
        return static_cast<double>(whole) == number ? Json(whole) : Json(number);
    }
    if (question.type == "confirm") {
        if (text == "true" || text == "yes" || text == "y") return Json(true);
        if (text == "false" || text == "no" || text == "n") return Json(false);
        return fail(ErrorKind::config,
                    fmt::format("{}: say yes or no, not \"{}\"", question.id, text));
    }
    if (question.type != "multiselect") return Json(text);
    Json list = Json::array();
    std::size_t begin = 0;
    while (begin <= text.size() && !text.empty()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin) list.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return list;
}

Json completed_answers(const Manifest& manifest) {
    const Json given = manifest.answers();
    Json answers = given;
    for (const Question& question : questions_of(manifest)) {
        if (!holds(question.when, answers)) {
            answers.erase(question.id);
        } else if (!answers.contains(question.id) && !question.default_value.is_null()) {
            answers[question.id] = question.default_value;
        }
    }
    return answers;
}

}  // namespace ccr::manifest
