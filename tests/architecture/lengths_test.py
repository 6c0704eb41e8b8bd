"""Sizes: files of at most 500 lines, functions of at most 60, exceptions by name with a reason."""

import subprocess

import source

FILE_LINES = 500
FUNCTION_LINES = 60
CODE = ("src/*.h", "src/*.cpp", "bench/*.cpp", "fuzz/*.cpp", "tests/*.py", "tests/*.mjs", "tests/*.sh", "tools/*")
ALLOW = source.ROOT / "tools/lengths.allow"


def allowed():
    """{name: reason}; a name is a path, or path:function."""
    entries = {}
    if ALLOW.is_file():
        for line in ALLOW.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                name, _, reason = line.partition(" ")
                entries[name] = reason.strip()
    return entries


def file_lengths():
    return {str(path): source.text(path).count("\n") for path in source.files(*CODE)}


def function_lengths():
    """{path:function: lines} of every C++ function."""
    paths = [str(p) for p in source.files(*CODE) if p.suffix in (".h", ".cpp")]
    if not paths:
        return {}
    # -D spares the parser the macros that look like a function's head.
    listed = subprocess.run(
        ["ctags", "-f", "-", "--languages=C++", "--kinds-C++=f", "--fields=+ne", "--excmd=number", "--sort=no",
         "-L", "-"],
        input="\n".join(paths), capture_output=True, text=True, check=True, cwd=source.ROOT)
    lengths = {}
    for line in listed.stdout.splitlines():
        if line.startswith("!"):
            continue
        name, path, *fields = line.split("\t")
        places = dict(f.split(":", 1) for f in fields if ":" in f)
        if "end" in places:
            key = f"{path}:{name}"
            lengths[key] = max(lengths.get(key, 0), int(places["end"]) - int(places["line"]) + 1)
    return lengths


def files_are_short():
    entries = allowed()
    for name, lines in sorted(file_lengths().items()):
        if lines > FILE_LINES and name not in entries:
            yield f"{name}: {lines} lines, {FILE_LINES} at most; split it by what it owns"


def functions_are_short():
    entries = allowed()
    for name, lines in sorted(function_lengths().items()):
        if lines > FUNCTION_LINES and name not in entries:
            yield f"{name}: {lines} lines, {FUNCTION_LINES} at most"


def functions_are_seen():
    # Without this, a ctags that understands nothing would pass everything.
    sources = [p for p in source.files("src/*.cpp")]
    if sources and len(function_lengths()) < len(sources) // 2:
        yield f"ctags found {len(function_lengths())} functions in {len(sources)} files"


def every_exception_is_needed_and_has_a_reason():
    files, functions = file_lengths(), function_lengths()
    for name, reason in allowed().items():
        needed = files.get(name, 0) > FILE_LINES or functions.get(name, 0) > FUNCTION_LINES
        if not reason:
            yield f"tools/lengths.allow: {name} has no reason"
        if not needed:
            yield f"tools/lengths.allow: {name} is not needed any more"


if __name__ == "__main__":
    source.run([files_are_short, functions_are_short, functions_are_seen,
                every_exception_is_needed_and_has_a_reason])
