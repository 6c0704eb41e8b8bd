// `ccr completion`: scripts for shells, which ask `ccr __complete` what may come next.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/exit_codes.h"

namespace ccr::cli {
namespace {

// Bash breaks words at ':' too, so what stands before one is cut off the candidates.
constexpr std::string_view kBash =
    "_ccr() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} IFS=$'\\n' reply\n"
    "    local word=${line##*[[:space:]]}\n"
    "    reply=($(command ccr __complete bash \"$line\" 2>/dev/null))\n"
    "    COMPREPLY=()\n"
    "    for line in \"${reply[@]}\"; do\n"
    "        if [ \"$line\" = ':files' ]; then\n"
    "            compopt -o filenames 2>/dev/null\n"
    "            COMPREPLY+=($(compgen -f -- \"$word\"))\n"
    "        elif [[ $word == *:* ]]; then\n"
    "            COMPREPLY+=(\"${line#\"${word%\"${word##*:}\"}\"}\")\n"
    "        else\n"
    "            COMPREPLY+=(\"$line\")\n"
    "        fi\n"
    "    done\n"
    "}\n"
    "complete -F _ccr ccr\n";

constexpr std::string_view kZsh =
    "#compdef ccr\n"
    "_ccr() {\n"
    "    local -a lines found\n"
    "    lines=(\"${(@f)$(command ccr __complete zsh \"${(j: :)words[1,CURRENT]}\" "
    "2>/dev/null)}\")\n"
    "    found=(\"${(@)lines:#:files}\")\n"
    "    (( ${#found} )) && [[ -n ${found[1]} ]] && _describe ccr found\n"
    "    (( ${lines[(I):files]} )) && _files\n"
    "}\n"
    "if [[ $funcstack[1] == _ccr ]]; then\n"  // autoloaded, and called by that
    "    _ccr \"$@\"\n"
    "else\n"
    "    compdef _ccr ccr\n"
    "fi\n";

constexpr std::string_view kFish =
    "function __ccr_complete\n"
    "    for line in (command ccr __complete fish (commandline -cp | string collect) 2>/dev/null)\n"
    "        if test \"$line\" = ':files'\n"
    "            __fish_complete_path (commandline -ct)\n"
    "        else\n"
    "            echo $line\n"
    "        end\n"
    "    end\n"
    "end\n"
    "complete -c ccr -f -a '(__ccr_complete)'\n";

std::string escaped_for_zsh(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

void print(const Candidate& candidate, std::string_view shell) {
    if (shell == "zsh")
        fmt::print("{}:{}\n", escaped_for_zsh(candidate.text), candidate.summary);
    else if (shell == "fish" && !candidate.summary.empty())
        fmt::print("{}\t{}\n", candidate.text, candidate.summary);
    else
        fmt::print("{}\n", candidate.text);
}

}  // namespace

int completion_command(const Options& options, const config::Environment& /*environment*/) {
    if (options.action == "bash") fmt::print("{}", kBash);
    if (options.action == "zsh") fmt::print("{}", kZsh);
    if (options.action == "fish") fmt::print("{}", kFish);
    return kDone;
}

int complete_command_line(const Arguments& arguments, const config::Environment& environment) {
    if (arguments.size() != 2) return kUsage;
    const Completion completion = complete(arguments[1], environment);
    for (const Candidate& candidate : completion.candidates) print(candidate, arguments[0]);
    if (completion.files) fmt::print(":files\n");
    return kDone;
}

}  // namespace ccr::cli
