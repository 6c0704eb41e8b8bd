#include "cli/complete.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/surroundings.h"
#include "config/known_keys.h"
#include "config/preset.h"
#include "manifest/catalog.h"

namespace ccr::cli {
namespace {

using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 6> kLevelNames{"trace", "debug", "info",
                                                      "warn",  "error", "fatal"};

struct Wanted {
    std::string type;  // of the operand or value that is typed
    const CLI::App* app = nullptr;
    bool is_value = false;  // of an option, so that nothing else may stand here
};

// The option of this name; nullptr when there is none.
const CLI::Option* option_named(const CLI::App& app, const std::string& word) {
    for (const CLI::Option* const option : app.get_options()) {
        if (option->check_name(word)) return option;
    }
    return nullptr;
}

// The operand that the n-th word (from 0) is for; the last one takes what is left.
std::string operand_type(const CLI::App& app, std::size_t number) {
    std::vector<const CLI::Option*> operands;
    for (const CLI::Option* const option : app.get_options()) {
        if (option->get_positional()) operands.push_back(option);
    }
    if (operands.empty()) return "";
    return operands[std::min(number, operands.size() - 1)]->get_type_name();
}

// Follows the words that are complete; says what the next one is.
Wanted followed(CLI::App& app, const Words& words) {
    Wanted out{"", &app, false};
    std::size_t operands = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word.starts_with('-')) {
            const CLI::Option* const option = option_named(*out.app, word);
            const bool takes_value = option != nullptr && option->get_type_size() > 0;
            if (takes_value && ++i == words.size()) return {option->get_type_name(), out.app, true};
            continue;
        }
        const CLI::App* next = nullptr;
        for (const CLI::App* const sub : out.app->get_subcommands({})) {
            if (sub->get_name() == word) next = sub;
        }
        if (next == nullptr) ++operands;
        if (next != nullptr) operands = 0;
        if (next != nullptr) out.app = next;
    }
    out.type = operand_type(*out.app, operands);
    return out;
}

class Collector {
  public:
    Collector(std::string typed, const Surroundings& here)
        : typed_(std::move(typed)), here_(here) {}

    void add(std::string text, std::string summary = {}) {
        if (text.starts_with(typed_))
            out_.candidates.push_back({std::move(text), std::move(summary)});
    }

    void add_options(const CLI::App& app) {
        for (const CLI::Option* const option : app.get_options()) {
            for (const std::string& name : option->get_lnames())
                add("--" + name, option->get_description());
        }
    }

    void add_values(const std::string& type) {
        const auto names = [&](std::string_view name) { return type.find(name) != type.npos; };
        if (names("FILE") || names("PATH")) out_.files = true;
        if (names("PRESET")) add_presets();
        if (names("INSTALLED")) add_installed();
        if (names("LEVEL")) {
            for (const std::string_view level : kLevelNames) add(std::string(level));
        }
        if (names("ROUTE")) {
            for (const std::string_view route : config::scenario_names()) add(std::string(route));
        }
        if (!names("PROVIDER") && !names("KEY")) return;
        const auto config = load(here_);
        if (!config) return;
        const bool is_model = names("PROVIDER,MODEL"), is_either = names("PROVIDER[,MODEL]");
        if (is_model) add_names(*config);
        if (is_model || is_either) add_models(*config);
        if (!is_model && names("PROVIDER"))
            for (const config::Provider& provider : config->providers) add(provider.name);
        if (names("KEY")) add_keys(*config);
    }

    /// The user's own presets, each a command too.
    void add_installed() {
        for (const manifest::Listed& preset : manifest::list_presets(here_.paths.home))
            add(preset.id, "Starts the client with this preset");
    }

    Completion take() { return std::move(out_); }

  private:
    void add_presets() {
        for (const config::Preset& preset : config::presets()) add(preset.name, preset.title);
    }

    void add_names(const config::Config& config) {
        for (const config::ModelName& name : config.routing.models) {
            if (name.name.find('*') == std::string::npos) add(name.name, to_string(name.target));
        }
    }

    void add_models(const config::Config& config) {
        for (const config::Provider& provider : config.providers) {
            for (const std::string& model : provider.models) add(provider.name + "," + model);
        }
    }

    void add_keys(const config::Config& config) {
        for (const std::string_view name : config::names_of(config::kTopSection))
            add(std::string(name));
        for (const std::string_view route : config::scenario_names())
            add("Router." + std::string(route));
        for (const config::Provider& provider : config.providers) {
            for (const char* const key : {"api_base_url", "api_key", "models", "proxy", "enabled"})
                add("Providers." + provider.name + "." + key);
        }
    }

    std::string typed_;
    const Surroundings& here_;
    Completion out_;
};

void add_commands(Collector& out) {
    out.add("code", "Starts the client through ccr");
    for (const CommandLine& command : command_lines()) {
        if (!command.group.empty())
            out.add(std::string(command.name), std::string(command.summary));
    }
    out.add_installed();
    out.add("version", "Prints the version");
    out.add("help", "Prints an overview of the commands");
    out.add("--config", "Configuration file");
    out.add("--port", "Port");
}

void complete_command(const CommandLine& command, Words words, const std::string& typed,
                      Collector& out) {
    Options ignored;
    CLI::App app(std::string(command.summary), std::string(command.name));
    describe(command, app, ignored);
    const Wanted wanted = followed(app, words);
    if (wanted.is_value) return out.add_values(wanted.type);
    if (typed.starts_with('-')) return out.add_options(*wanted.app);
    for (const CLI::App* const sub : wanted.app->get_subcommands({}))
        out.add(sub->get_name(), sub->get_description());
    out.add_values(wanted.type);
}

}  // namespace

std::vector<std::string> shell_words(std::string_view line) {
    Words out{""};
    char quote = '\0';
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != '\0' && c == quote) {
            quote = '\0';
        } else if (quote != '\'' && c == '\\' && i + 1 < line.size()) {
            out.back() += line[++i];
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n')) {
            if (!out.back().empty()) out.emplace_back();
        } else {
            out.back() += c;
        }
    }
    return out;
}

Completion complete(std::string_view line, const config::Environment& environment) {
    Words words = shell_words(line);
    words.erase(words.begin());
    if (words.empty()) return {};
    const std::string typed = words.back();
    words.pop_back();
    const auto leading = take_leading_options(words);
    const Surroundings here = surroundings_of(leading.value_or(Options{}), environment);
    Collector out(typed, here);
    if (!leading) {
        out.add_values(words.front() == "--config" ? "PATH" : "N");
        return out.take();
    }
    if (words.empty()) {
        add_commands(out);
        return out.take();
    }
    const std::string name = words.front();
    words.erase(words.begin());
    if (const CommandLine* const command = find_command_line(name))
        complete_command(*command, std::move(words), typed, out);
    else
        out.add_values("FILE");  // what follows `code` is the client's
    return out.take();
}

}  // namespace ccr::cli
