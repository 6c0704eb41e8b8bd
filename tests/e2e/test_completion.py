"""`ccr completion`: the scripts, run by the shells that are installed."""

import os
import pathlib
import shutil
import subprocess

from bed.marks import Skipped, check, equal, test
from bed.service import Home, find_binary

CONFIG = {"Providers": [{"name": "ollama", "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
                         "models": ["qwen3:8b", "other"]}], "Router": {"default": "ollama,other"}}


def shell(home, name, *arguments):
    if not shutil.which(name):
        raise Skipped(f"{name} is not installed")
    folder = str(pathlib.Path(find_binary()).parent)
    env = {**home.env, "PATH": folder + os.pathsep + home.env["PATH"]}
    run = subprocess.run([name, *arguments], env=env, cwd=home.path, capture_output=True, text=True, timeout=20, check=False)
    return run.stdout.split("\n")[:-1], run.stderr


def bash(home, line):
    asked = f"""eval "$(ccr completion bash)"
COMP_LINE={line!r} COMP_POINT={len(line)} COMP_WORDS=({line}) COMP_CWORD=0
_ccr; printf '%s\\n' "${{COMPREPLY[@]}}" """
    found, errors = shell(home, "bash", "--norc", "-c", asked)
    equal(errors, "", f"what bash says of {line!r}")
    return found


@test()
def bash_completes_commands_names_and_keys():
    with Home(CONFIG) as home:
        equal(bash(home, "ccr conf"), ["config"], "a command")
        equal(bash(home, "ccr config ge"), ["get"], "a subcommand")
        equal(bash(home, "ccr model set th"), ["think"], "a route")
        equal(bash(home, "ccr model set ollama,o"), ["ollama,other"], "a model")
        equal(bash(home, "ccr provider test o"), ["ollama"], "a provider")
        equal(bash(home, "ccr config get Router.def"), ["Router.default"], "a key")
        equal(bash(home, "ccr model set ollama,qwen3:8"), ["8b"], "a model, behind the colon where bash breaks words")
        (home.path / "some-file.json").touch()
        equal(bash(home, "ccr config check some-f"), ["some-file.json"], "a file")


@test()
def zsh_and_fish_take_their_scripts():
    with Home(CONFIG) as home:
        tried = []
        for name, line in (("zsh", "autoload -U compinit; compinit -u; eval \"$(ccr completion zsh)\"; whence -w _ccr"),
                           ("fish", "ccr completion fish | source; complete -C 'ccr conf'")):
            if not shutil.which(name):
                continue
            found, errors = shell(home, name, "-c", line)
            check("_ccr: function" in found or any(f.startswith("config") for f in found), f"{name}: {found} {errors}")
            tried.append(name)
        if not tried:
            raise Skipped("neither zsh nor fish is installed")
        return ", ".join(tried)


@test()
def zsh_completes_at_the_first_tab_where_the_script_is_autoloaded():
    with Home(CONFIG) as home:
        folder = home.path / "functions"
        folder.mkdir()
        (folder / "_ccr").write_text(home.run("completion", "zsh").stdout, encoding="utf-8")
        asked = f"""fpath=({folder} $fpath); autoload -Uz _ccr
_describe() {{ print -l -- ${{(P)2}} }}
words=(ccr conf) CURRENT=2; _ccr"""
        found, errors = shell(home, "zsh", "-f", "-c", asked)
        check(len(found) == 1 and found[0].startswith("config:"), f"{found} {errors}")
