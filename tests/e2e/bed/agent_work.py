"""What the scripted upstream has an agent do, whatever that agent calls its tools."""

import json

from bed.turns import Turn

TEXT = 'one\n"two" \\ ü 你好\n'
DONE = "All of it is DONE-7."


def tool_names(body):
    """The functions that a request declares, on any wire."""
    names = []
    for tool in body.get("tools", []):
        for one in [*tool.get("functionDeclarations", []), *tool.get("tools", []), tool]:
            names.append(one.get("name") or one.get("function", {}).get("name") or "")
    return names


# The shell tool of each client, by the members that its arguments have.
SHELLS = {"exec_command": lambda line: {"cmd": line}, "shell_command": lambda line: {"command": line},
          "run_shell_command": lambda line: {"command": line, "description": "a harmless step"},
          "bash": lambda line: {"command": line, "description": "a harmless step"},
          "Bash": lambda line: {"command": line, "description": "a harmless step"}}


def shell_call(body, line):
    for name in tool_names(body):
        if name in SHELLS:
            return name, SHELLS[name](line)
    raise AssertionError(f"no shell among the tools {tool_names(body)}")


def plain(seen):
    return Turn(text=DONE)


def tool_loop(seen):
    """A file is written by a command, then read by another; then the answer."""
    if not tool_names(seen.json):
        return Turn(text="A title")
    work_dir = seen.user_text().partition("DIR=")[2].split()[0].strip('"')
    done = len(seen.results())
    if done == 0:
        quoted = json.dumps(TEXT, ensure_ascii=False)
        line = f"python3 -c 'open(\"{work_dir}/made.txt\", \"w\").write({quoted})'"
        return Turn(thinking="First I think.", text="I write a file.", calls=[shell_call(seen.json, line)])
    if done == 1:
        return Turn(text="I look at it.", calls=[shell_call(seen.json, f"cat {work_dir}/made.txt")])
    return Turn(text=DONE)
