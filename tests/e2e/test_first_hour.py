"""docs/first-hour.md: each of its commands is run, in its order, and answers as it is shown there.

CCR_WRITE_DOCS=1 writes what they answer into it."""

import os
import pathlib
import re
import shutil
import subprocess

from bed.claude import QUIET, client_path
from bed.marks import check, equal, test
from bed.service import Home, find_binary, free_port
from bed.turns import Turn
from bed.upstream import Upstream

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/first-hour.md"
BLOCKS = re.compile(r"```console\n(.*?)```", re.DOTALL)
SHOWN_PORT = "11434"  # of the provider in the document


def steps(block):
    """[(command, what it answered)]"""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        else:
            found[-1][1].append(line)
    return found


def told(text):
    """What does not differ from run to run: numbers, names of files and widths of columns do."""
    text = re.sub(r"/tmp/[\w./-]+", "FILE", text)
    text = re.sub(r"\b(req_|msg_)?[0-9a-f]{8,}\b", "ID", text)
    text = re.sub(r"[0-9]+([.:][0-9]+)*", "N", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def environment(home):
    programs = home.path / "programs"
    programs.mkdir()
    (programs / "ccr").symlink_to(find_binary())
    (programs / "claude").symlink_to(client_path())
    for name in ("node", "curl", "tail", "head", "cat"):
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    return {**home.env, **QUIET, "PATH": f"{programs}:/usr/bin:/bin", "NO_COLOR": "1", "LANG": "C.UTF-8"}


def answer(seen):
    return Turn(text="pong") if b"pong" in seen.body else Turn(text="ready")


@test(limit=180)
def each_command_answers_as_it_is_shown():
    text = DOCUMENT.read_text(encoding="utf-8")
    port = free_port()
    with Upstream(answer) as upstream, Home({"PORT": port}) as home:
        env = environment(home)
        own = upstream.url("chat").split(":")[2].split("/")[0]
        written = text

        def run(command):
            real = command.replace(SHOWN_PORT, own).replace("3456", str(port))
            ran = subprocess.run(["sh", "-c", real], env=env, cwd=home.path, text=True, timeout=60, check=False,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            return ran.stdout.replace(own, SHOWN_PORT).replace(str(port), "3456").replace(str(home.path), "/home/me")

        try:
            for block in BLOCKS.findall(text):
                lines = []
                for command, shown in steps(block):
                    out = run(command).rstrip("\n")
                    lines += [f"$ {command}", *out.splitlines()]
                    if not os.environ.get("CCR_WRITE_DOCS"):
                        equal(told(out), told("\n".join(shown)), f"what `{command}` answers")
                written = written.replace(block, "\n".join(lines) + "\n", 1)
        finally:
            run("ccr stop")
        check(written.count("```") == text.count("```"), "the blocks")
        if os.environ.get("CCR_WRITE_DOCS"):
            DOCUMENT.write_text(written, encoding="utf-8")
