// `ccr config edit`: a copy in the user's editor, checked before it takes the file's place.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>

#include "base/ids.h"
#include "cli/commands.h"
#include "cli/config_actions.h"
#include "cli/config_file.h"
#include "cli/exit_codes.h"
#include "cli/private_file.h"
#include "cli/terminal.h"

extern char** environ;

namespace ccr::cli {
namespace {

constexpr std::string_view kFresh =
    "{\n"
    "  // What may stand here: docs/providers.md and docs/routing.md.\n"
    "  \"Providers\": [],\n"
    "  \"Router\": {}\n"
    "}\n";

std::string editor_of(const config::Environment& environment) {
    for (const char* const name : {"VISUAL", "EDITOR"}) {
        if (const auto editor = environment(name); editor && !editor->empty()) return *editor;
    }
    return "vi";
}

// As git does it: the editor may be a command with arguments, so a shell reads it.
Result<void> run_editor(const std::string& editor, const std::string& file) {
    const std::string command = editor + " \"$1\"";
    const std::string arguments[] = {"sh", "-c", command, editor, file};
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t pid = 0;
    int status = ::posix_spawnp(&pid, "sh", nullptr, nullptr, argv.data(), environ);
    if (status != 0) return fail(ErrorKind::config, "The shell `sh` cannot be run.");
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(ErrorKind::config,
                fmt::format("The editor `{}` failed ({}); the configuration is as it was. VISUAL "
                            "or EDITOR names the one to use.",
                            editor,
                            WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status))
                                              : fmt::format("signal {}", WTERMSIG(status))));
}

enum class Choice : std::uint8_t { again, save, leave };

Choice ask_what_next(bool may_save) {
    if (!can_ask()) return Choice::leave;
    while (true) {
        fmt::print(stderr, "(e)dit again, {}(q)uit? ", may_save ? "(s)ave all the same, " : "");
        std::string line;
        if (!std::getline(std::cin, line) || line == "q") return Choice::leave;
        if (line == "e" || line.empty()) return Choice::again;
        if (may_save && line == "s") return Choice::save;
    }
}

// Rounds of editing and checking; the text to put in place, nullopt when there is none.
Result<std::optional<std::string>> edited(const Surroundings& here, const std::string& before,
                                          const std::string& copy, bool& forced) {
    while (true) {
        TRY_DO(run_editor(editor_of(here.environment), copy));
        const auto text = read_file(copy);
        if (!text) return fail(ErrorKind::config, copy + " cannot be read after the editor.");
        if (*text == before) return std::nullopt;
        const auto found = new_findings(before, *text, here.config_file, here.environment);
        if (found && !found->is_grave) return text;
        const bool colored = takes_colors(STDERR_FILENO, here.environment);
        if (!found) fmt::print(stderr, "{}\n", found.error().message);
        for (const config::Finding& finding : found ? found->all : std::vector<config::Finding>())
            fmt::print(stderr, "{}\n", colored_finding(finding, colored));
        const Choice choice = ask_what_next(found.has_value());
        forced = choice == Choice::save;
        if (forced) return text;
        if (choice == Choice::leave) return fail(ErrorKind::config, "Nothing was written.");
    }
}

// The lock is not held while the editor is open, so the file may have changed meanwhile.
Result<void> put_in_place(const Surroundings& here, const std::string& before,
                          const std::string& after, bool forced) {
    TRY(ConfigFile file, ConfigFile::open(here));
    if (file.text() != before)
        return fail(ErrorKind::config,
                    fmt::format("{} was changed by somebody else meanwhile.", here.config_file));
    TRY(const auto notes, file.replace(after, forced));
    fmt::print("{} is written.\n", shortened(here.paths, here.config_file));
    for (const std::string& line : config_changes(before, after)) fmt::print("  {}\n", line);
    for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
    return {};
}

Result<void> edit_copy(const Surroundings& here, const std::string& before,
                       const std::string& fresh, const std::string& copy) {
    bool forced = false;
    TRY(const auto text, edited(here, fresh, copy, forced));
    if (text) return put_in_place(here, before, *text, forced);
    fmt::print("Nothing was changed.\n");
    return {};
}

Result<void> edit(const Surroundings& here) {
    std::string before;
    {
        TRY(const ConfigFile file, ConfigFile::open(here));
        before = file.text();
    }
    const std::string copy = fmt::format("{}/config-{}.json", here.paths.run, random_hex(6));
    const std::string fresh = before.empty() ? std::string(kFresh) : before;
    TRY_DO(write_private_file(copy, fresh));
    const auto done = edit_copy(here, before, fresh, copy);
    // The copy has every key in it, so it stays only where work would be lost, and that is said.
    const auto left = read_file(copy);
    if (done || !left || *left == fresh) {
        ::unlink(copy.c_str());
        return done;
    }
    return fail(done.error().kind,
                fmt::format("{} What you edited is kept in {}.", done.error().message, copy));
}

}  // namespace

int edit_config(const Options& /*options*/, const Surroundings& here) {
    const auto done = edit(here);
    return done ? kDone : report(done.error());
}

}  // namespace ccr::cli
