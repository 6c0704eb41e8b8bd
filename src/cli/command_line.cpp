#include "cli/command_line.h"

#include <algorithm>
#include <array>
#include <string>

namespace ccr::cli {
namespace {

constexpr std::string_view kRun = "Run";
constexpr std::string_view kSee = "See what happens";
constexpr std::string_view kSetUp = "Set up";

void add_config(CLI::App& app, Options& o) {
    app.add_option("--config", o.config_file, "Configuration file")->type_name("PATH");
}

void add_port(CLI::App& app, Options& o) {
    app.add_option_function<std::uint16_t>(
           "--port", [&o](const std::uint16_t& port) { o.port = port; }, "Port; 0 picks a free one")
        ->type_name("N");
}

void add_json(CLI::App& app, Options& o) {
    app.add_flag("--json", o.json, "As JSON");
}

void add_yes(CLI::App& app, Options& o, const char* summary) {
    app.add_flag("-y,--yes", o.yes, summary);
}

/// A subcommand; all of them say where the configuration is.
CLI::App& add(CLI::App& app, Options& o, const char* name, const char* summary) {
    CLI::App* const sub = app.add_subcommand(name, summary);
    add_config(*sub, o);
    return *sub;
}

CLI::App& add_with_json(CLI::App& app, Options& o, const char* name, const char* summary) {
    CLI::App& sub = add(app, o, name, summary);
    add_json(sub, o);
    return sub;
}

void service(CLI::App& app, Options& o) {
    add_config(app, o);
    add_port(app, o);
}

void start(CLI::App& app, Options& o) {
    service(app, o);
    app.add_flag("-d,--daemon", o.daemon, "In the background; returns when it is ready");
}

void add_json_and_service(CLI::App& app, Options& o) {
    service(app, o);
    add_json(app, o);
}

void status(CLI::App& app, Options& o) {
    add_json_and_service(app, o);
    app.add_flag("--check", o.check, "Fails when it does not run");
}

void doctor(CLI::App& app, Options& o) {
    add_json_and_service(app, o);
    app.add_flag("--all", o.all, "Ask every model, not only those that the Router names");
    app.add_flag("--offline,--no-probe", o.offline, "Ask no model: nothing is sent");
    app.add_flag("--yes,-y", o.yes, "Ask more than 20 models without a question");
    CLI::Option* const cards =
        app.add_flag("--cards", o.cards, "Show what was found of models before; nothing is sent");
    app.add_flag("--forget", o.forget, "Forget what was found of models")->excludes(cards);
    app.add_option("target", o.words, "These only, instead of the Router's")
        ->type_name("PROVIDER[,MODEL]")
        ->allow_extra_args();
}

void lessons(CLI::App& app, Options& o) {
    add_json_and_service(app, o);
    add_with_json(app, o, "list", "Lists them (also without a subcommand)");
    add_with_json(app, o, "remove", "Forgets one")
        .add_option("number", o.words, "Its number in the list")
        ->type_name("N")
        ->required()
        ->expected(1);
    add_with_json(app, o, "clear", "Forgets all");
}

void tokens(CLI::App& app, Options& o) {
    add_config(app, o);
    add_json(app, o);
    app.add_option("--encoding", o.encoding,
                   "cl100k_base, o200k_base or the path of a tokenizer.json")
        ->type_name("E");
    app.add_option("--fetch", o.fetch,
                   "Download the tokenizer.json of a model on the hub, or of a URL, once")
        ->type_name("NAME|URL");
    app.add_option("--model", o.model, "As this model counts")->type_name("PROVIDER,MODEL");
    app.add_option("file", o.file, "What to count; - is standard input")->type_name("FILE");
}

void explain(CLI::App& app, Options& o) {
    add_config(app, o);
    add_json(app, o);
    app.add_option("-H,--header", o.headers, "A header of the request: \"name: value\"")
        ->type_name("HEADER")
        ->allow_extra_args(false);
    app.add_flag("--body", o.show_body,
                 "Print the body that would be sent; with --json, in each target");
    app.add_option("request", o.file,
                   "A request's body or a recorded request as JSON; - is standard input; or the "
                   "id of a past request (req_...)")
        ->type_name("FILE|ID");
}

void add_narrowing(CLI::App& app, Options& o) {
    app.add_option("--project", o.project, "The project's directory, or its folder's name")
        ->type_name("PROJECT");
    app.add_option("--session", o.session, "One session of the project")->type_name("ID");
}

// set and unset, of the configuration's Router, a project's or a session's.
void add_routes(CLI::App& app, Options& o) {
    CLI::App& set = add_with_json(app, o, "set", "Sets a route, by default `default`");
    set.add_option("model", o.words, "The route, where it is not `default`, and the model")
        ->type_name("[ROUTE] PROVIDER,MODEL")
        ->required()
        ->expected(1, 2);
    CLI::App& unset = add_with_json(app, o, "unset", "Takes a route out");
    unset.add_option("route", o.words, "Its name")->type_name("ROUTE")->required()->expected(1);
    for (CLI::App* const sub : {&app, &set, &unset}) add_narrowing(*sub, o);
}

void project(CLI::App& app, Options& o) {
    add_config(app, o);
    add_json(app, o);
    add_narrowing(add_with_json(app, o, "show", "Shows it (also without a subcommand)"), o);
    add_routes(app, o);
}

void model(CLI::App& app, Options& o) {
    add_config(app, o);
    add_json(app, o);
    add_narrowing(add_with_json(app, o, "show", "Shows the routes in force and all models"), o);
    add_with_json(app, o, "list", "Lists the models, with what is known of them")
        .add_option("provider", o.words, "Of one provider only")
        ->type_name("PROVIDER")
        ->expected(0, 1);
    add_routes(app, o);
    const auto one_model = [&](const char* name, const char* summary) -> CLI::App& {
        CLI::App& sub = add(app, o, name, summary);
        sub.add_option("model", o.words, "The model")
            ->type_name("PROVIDER,MODEL")
            ->required()
            ->expected(1);
        return sub;
    };
    one_model("add", "Adds a model to its provider's list");
    add_yes(one_model("remove", "Takes a model out of its provider's list"), o,
            "Also where routes name it, without asking");
    const auto of_provider = [&](const char* name, const char* summary) {
        add(app, o, name, summary)
            .add_option("provider", o.words, "One provider, else all")
            ->type_name("PROVIDER")
            ->expected(0, 1);
    };
    of_provider("refresh", "Asks providers what their models hold");
    of_provider("forget", "Forgets what they said");
}

void provider(CLI::App& app, Options& o) {
    app.require_subcommand(1);
    add_with_json(app, o, "list", "Lists the providers, the state of their keys, their models");
    CLI::App& added = add(app, o, "add", "Adds a provider, by a preset's name or by its URL");
    added.add_option("name", o.words, "A preset's name, or a name of your own with --url")
        ->type_name("PRESET")
        ->required()
        ->expected(1);
    added.add_option("--url", o.url, "The complete URL of requests (.../chat/completions)")
        ->type_name("URL");
    added.add_option("--preset", o.preset, "What it is, where the name does not say so")
        ->type_name("PRESET");
    added.add_option("--key-env", o.key_env, "The variable that has the key; the file names it")
        ->type_name("VARIABLE");
    added.add_option("--key-file", o.key_file, "A file that has the key")->type_name("FILE");
    added.add_flag("--key-stdin", o.key_stdin, "The key is read from standard input");
    added.add_option("--models", o.models, "Its models, with commas")
        ->type_name("MODELS")
        ->delimiter(',')
        ->allow_extra_args(false);
    CLI::App& tested =
        add_with_json(app, o, "test", "Sends one tiny request to each model and says what came");
    tested.add_option("provider", o.words, "One provider, else all")
        ->type_name("PROVIDER")
        ->expected(0, 1);
    tested.add_option("--models", o.models, "These models only")
        ->type_name("MODELS")
        ->delimiter(',')
        ->allow_extra_args(false);
    CLI::App& removed = add(app, o, "remove", "Removes a provider");
    removed.add_option("provider", o.words, "Its name")
        ->type_name("PROVIDER")
        ->required()
        ->expected(1);
    add_yes(removed, o, "Also where routes name it, without asking");
}

void add_key(CLI::App& app, Options& o, bool required) {
    app.add_option("key", o.key, "Router.default, Providers.NAME.models[0], a[\"b.c\"]")
        ->type_name("KEY")
        ->required(required);
}

void config(CLI::App& app, Options& o) {
    app.require_subcommand(1);
    add(app, o, "path", "Prints where the configuration is");
    CLI::App& get = add_with_json(app, o, "get", "Prints a value, or all of it");
    add_key(get, o, false);
    get.add_flag("--reveal", o.reveal, "Print keys and passwords too");
    CLI::App& set = add(app, o, "set", "Sets a value; comments and all else stay");
    add_key(set, o, true);
    set.add_option("value", o.value, "JSON5, or plain text; - is standard input")
        ->type_name("VALUE")
        ->required();
    set.add_flag("--string", o.as_text, "The value is text, whatever it looks like");
    CLI::App& unset = add(app, o, "unset", "Takes a value out");
    add_key(unset, o, true);
    for (CLI::App* const sub : {&set, &unset})
        sub->add_flag("--force", o.force, "Write it though `ccr config check` would complain");
    add(app, o, "edit", "Opens a copy in $VISUAL or $EDITOR, checks it and puts it in place");
    CLI::App& check = add_with_json(app, o, "check", "Prints everything that is odd about it");
    check.add_option("file", o.file, "Another file")->type_name("FILE");
    check.add_flag("--strict", o.strict, "Fail on warnings, too");
    add(app, o, "schema", "Prints a JSON Schema of it, for editors");
    add(app, o, "reference", "Prints all its keys as Markdown (docs/configuration.md)");
    CLI::App& import = add(app, o, "import", "Takes over a configuration of claude-code-router");
    import
        .add_option("file", o.file,
                    "config.json of its version 2; config.json or config.sqlite of its version 3")
        ->type_name("FILE")
        ->required();
    add_yes(import, o, "Replace a configuration that is there");
}

void logs(CLI::App& app, Options& o) {
    add_config(app, o);
    app.add_flag("-f,--follow", o.follow, "Go on with what is written from now on");
    app.add_option("-n,--lines", o.lines, "How many lines at most, the last ones (50)")
        ->type_name("N");
    app.add_option("--request", o.request, "The whole story of one request (req_...)")
        ->type_name("ID");
    app.add_option("--session", o.session, "The requests of one session")->type_name("ID");
    app.add_option("--level", o.level, "This level and those above it")->type_name("LEVEL");
    app.add_flag("--json", o.json, "The lines as they are in the files");
}

void top(CLI::App& app, Options& o) {
    add_json_and_service(app, o);
    app.add_flag("--once", o.once, "Print it once and end");
}

void completion(CLI::App& app, Options& o) {
    app.require_subcommand(1);
    app.footer(
        "bash  eval \"$(ccr completion bash)\"     in ~/.bashrc\n"
        "zsh   eval \"$(ccr completion zsh)\"      in ~/.zshrc, after compinit\n"
        "fish  ccr completion fish | source       in ~/.config/fish/config.fish");
    for (const char* const shell : {"bash", "zsh", "fish"})
        add(app, o, shell, "Prints the completion script");
}

void add_install(CLI::App& app, Options& o) {
    add_yes(app, o, "Asks nothing: what is not set has its default");
    app.add_option("source", o.file,
                   "A preset that ships with ccr, a directory, an archive, a git URL (#REF), or an "
                   "installed preset, to answer its questions anew")
        ->type_name("SOURCE")
        ->required();
    app.add_option("--name", o.name, "What it is to be called")->type_name("NAME");
    app.add_option("--set", o.sets, "An answer; repeatable")
        ->type_name("ID=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--trust", o.trust, "Agree to the code it runs");
}

void install(CLI::App& app, Options& o) {
    add_config(app, o);
    add_install(app, o);
}

// INSTALLED is a preset of the user's, PRESET what `ccr provider add` takes.
CLI::App& add_of_preset(CLI::App& app, Options& o, const char* name, const char* summary,
                        const char* type = "INSTALLED") {
    CLI::App& sub = add(app, o, name, summary);
    sub.add_option("name", o.file, "Its name")->type_name(type)->required();
    return sub;
}

void preset(CLI::App& app, Options& o) {
    add_config(app, o);
    CLI::App& list = add_with_json(app, o, "list", "Lists those that are installed");
    list.add_flag("--available", o.available, "Those that ship with ccr");
    add_json(add_of_preset(app, o, "info", "Tells what it is, asks, routes and runs"), o);
    add_install(add(app, o, "install", "Installs one, or asks an installed one's questions anew"),
                o);
    CLI::App& exported = add_of_preset(
        app, o, "export", "Makes a preset of the configuration, keys left out", "NAME");
    exported.add_option("--output", o.output, "A directory or .tar.gz, instead of the presets")
        ->type_name("PATH");
    exported.add_option("--description", o.description, "What it is for")->type_name("TEXT");
    exported.add_option("--author", o.author, "Who made it")->type_name("NAME");
    exported.add_option("--tags", o.tags, "Its keywords, with commas")->type_name("WORDS");
    CLI::App& deleted = add_of_preset(app, o, "delete", "Deletes one");
    deleted.alias("rm")->alias("remove");
    add_yes(deleted, o, "Without asking");
}

void statusline(CLI::App& app, Options& o) {
    service(app, o);
    app.add_option("preset", o.words, "Whose status line")->type_name("INSTALLED")->expected(0, 1);
}

void unit(CLI::App& app, Options& o) {
    app.require_subcommand(1);
    CLI::App& installed =
        add(app, o, "install", "Writes a systemd unit and the variables it needs, and starts it");
    add_port(installed, o);
    add_yes(installed, o, "Replace a unit that was written by hand");
    add_yes(add(app, o, "uninstall", "Stops it and removes the unit"), o,
            "Also a unit that was written by hand");
    add(app, o, "status", "Tells whether it is installed and runs");
}

void manual(CLI::App& app, Options& o) {
    app.add_flag("--markdown", o.markdown, "As docs/commands.md has it");
}

void activate(CLI::App& app, Options& o) {
    service(app, o);
    app.add_option("--shell", o.shell, "Whose words it speaks")
        ->type_name("SHELL")
        ->check(CLI::IsMember({"sh", "bash", "zsh", "fish", "powershell", "pwsh"}))
        ->capture_default_str();
}

void demo(CLI::App& app, Options& o) {
    add_port(app, o);
}

constexpr std::array kCommandLines = std::to_array<CommandLine>({
    {"start", kRun, "Starts the service (--daemon: in the background)", start},
    {"stop", kRun, "Stops the running service", service},
    {"restart", kRun, "Puts a new process in the service's place", service},
    {"activate", kRun, "Prints the client's environment for eval", activate},
    {"env", "", "Prints the client's environment for eval", activate},
    {"demo", kRun, "Serves the demo provider alone, in the foreground", demo},
    {"status", kSee, "Tells whether the service runs, and how", status},
    {"doctor", kSee, "Finds what is wrong, asks models what they can do", doctor},
    {"top", kSee, "Shows sessions live; pins, cancels, opens logs", top},
    {"logs", kSee, "Shows what the service did (-f: as it happens)", logs},
    {"explain", kSee, "Tells where a request would go, and why", explain},
    {"plugins", kSee, "Lists your own JavaScript and how it fares", add_json_and_service},
    {"lessons", kSee, "Shows what refusals of providers taught", lessons},
    {"tokens", kSee, "Counts the tokens of a file or of standard input", tokens},
    {"model", kSetUp, "Shows, sets and lists models, and where requests go", model},
    {"provider", kSetUp, "Adds, lists, tests and removes providers", provider},
    {"project", kSetUp, "Shows or sets the Router of a project", project},
    {"config", kSetUp, "Reads, changes and checks the configuration", config},
    {"preset", kSetUp, "Lists, installs, exports and deletes presets", preset},
    {"install", "", "Installs a preset", install},
    {"statusline", kSetUp, "Prints a status line for Claude Code", statusline},
    {"completion", kSetUp, "Prints a script that completes ccr's words in a shell", completion},
    {"service", kSetUp, "Has the system start ccr when you log in", unit},
    {"manual", kSetUp, "Prints the manual page (ccr manual | man -l -)", manual},
});

}  // namespace

std::span<const CommandLine> command_lines() {
    return kCommandLines;
}

const CommandLine* find_command_line(std::string_view name) {
    const auto found = std::ranges::find(kCommandLines, name, &CommandLine::name);
    return found == kCommandLines.end() ? nullptr : &*found;
}

bool is_command_word(std::string_view word) {
    constexpr auto kMore = std::to_array<std::string_view>({"code", "help", "version", "ui"});
    return find_command_line(word) != nullptr || word.starts_with("__") ||
           std::ranges::find(kMore, word) != kMore.end();
}

void describe(const CommandLine& command, CLI::App& app, Options& options) {
    if (command.describe != nullptr) command.describe(app, options);
}

}  // namespace ccr::cli
