"""What the architecture tests share: the tree's files, C++ without comments, and the closing line."""

import fnmatch
import os
import pathlib
import re
import subprocess
import sys

# CCR_TREE lets the tests of these tests point at a tree made for them.
ROOT = pathlib.Path(os.environ.get("CCR_TREE") or pathlib.Path(__file__).resolve().parents[2])


def files(*patterns):
    """Files of the tree that git knows or would add, as paths relative to ROOT; a * also matches a /."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False)
    if listed.returncode == 0:
        names = {name for name in listed.stdout.decode().split("\0") if name}
    else:
        names = {str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file()}
    names = sorted(n for n in names if (ROOT / n).is_file() and not n.startswith("build/"))
    return [pathlib.PurePosixPath(n) for n in names
            if not patterns or any(fnmatch.fnmatchcase(n, p) for p in patterns)]


def text(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def blank(match):
    found = match.group(0)
    keep = '"' if found[0] in '"R' else ""
    return keep + re.sub(r"[^\n]", " ", found[len(keep):len(found) - len(keep)]) + keep


def code(path):
    """A C++ file with comments and the insides of literals blanked; lines and columns stay."""
    # A digit separator (10'000) is no literal.
    plain = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "_", text(path))
    return TOKEN.sub(blank, plain)


def line_of(source, offset):
    return source.count("\n", 0, offset) + 1


def run(rules):
    """Runs each rule (a function that yields complaints); prints them and the closing line."""
    failed = 0
    for rule in rules:
        complaints = list(rule())
        print(("FAIL " if complaints else "ok   ") + rule.__name__)
        for complaint in complaints:
            print("     " + complaint)
        failed += bool(complaints)
    print(f"{len(rules) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
