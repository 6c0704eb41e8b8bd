"""The rooms and their ranks: who may include whom, and where the platform and the compiler bite."""

import re

import source

# A folder includes itself and lower ranks. docs/architecture.md draws the picture.
RANKS = {"base": 0, "json": 1, "net": 1, "chat": 2, "config": 2, "event": 2, "wire": 3, "route": 3,
         "adapt": 3, "tokens": 3, "store": 3, "auth": 3, "cloud": 3, "statusline": 3, "manifest": 3, "report": 3, "plugin": 4, "gateway": 5, "demo": 5, "doctor": 6,
         "cli": 7}
TOP = 8  # main.cpp
# What adapters do is seen through the codecs: their tests may include them.
TESTS_MAY_INCLUDE = {"adapt": {"wire"}}
# Codecs may split a byte stream and look at header fields; they perform no I/O.
WIRE_FROM_NET = {"net/sse.h", "net/headers.h"}

LINUX_HEADERS = re.compile(
    r"^(linux/.*|sys/(epoll|inotify|prctl|eventfd|signalfd|timerfd|sendfile|fanotify|memfd)\.h)$")
LINUX_NAMES = re.compile(r"\b(SO_PEERCRED|epoll_\w+|inotify_\w+|accept4|pipe2|memfd_create|signalfd|"
                         r"timerfd_\w+|eventfd|prctl|gettid|dup3|struct ucred)\b")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^">]+)[">]', re.M)


def cpp():
    return source.files("src/*.h", "src/*.cpp")


def includes(path):
    for match in INCLUDE.finditer(source.text(path)):
        yield source.line_of(source.text(path), match.start()), match.group(1), match.group(2)


def is_test(path):
    return path.stem.endswith(("_test", "_fixture"))


def room(path):
    return path.parts[1] if len(path.parts) > 2 else None


def rank_of(name):
    return TOP if name is None else RANKS.get(name)


def every_folder_has_a_rank():
    for path in cpp():
        if rank_of(room(path)) is None:
            yield f"{path}: folder src/{room(path)} has no rank; give it one here and in docs/architecture.md"


def folders_include_only_themselves_and_lower_ranks():
    for path in cpp():
        own, rank = room(path), rank_of(room(path))
        for line, quote, name in includes(path):
            other = name.split("/")[0]
            if quote != '"' or other not in RANKS or rank is None or other == own:
                continue
            if is_test(path) and other in TESTS_MAY_INCLUDE.get(own, ()):
                continue
            if RANKS[other] >= rank:
                yield f"{path}:{line}: {own} (rank {rank}) includes {name} (rank {RANKS[other]})"


def own_headers_are_included_by_path_from_src():
    for path in cpp():
        for line, quote, name in includes(path):
            if quote == '"' and not (source.ROOT / "src" / name).is_file():
                yield f"{path}:{line}: \"{name}\" is no file under src/"


def protocols_do_not_know_each_other():
    for path in cpp():
        if room(path) != "wire" or len(path.parts) < 4:
            continue
        for line, _, name in includes(path):
            parts = name.split("/")
            if parts[0] == "wire" and len(parts) > 2 and parts[1] != path.parts[2]:
                yield f"{path}:{line}: wire/{path.parts[2]} includes {name}"


def codecs_perform_no_io():
    for path in cpp():
        if room(path) != "wire":
            continue
        for line, _, name in includes(path):
            if name.startswith("net/") and name not in WIRE_FROM_NET:
                yield f"{path}:{line}: wire includes {name}; of net it may include {', '.join(sorted(WIRE_FROM_NET))}"


def linux_only_calls_stand_in_linux_files():
    for path in cpp():
        if path.stem.endswith("_linux"):
            continue
        for line, _, name in includes(path):
            if LINUX_HEADERS.match(name):
                yield f"{path}:{line}: <{name}> belongs in a *_linux.cpp"
        if is_test(path):
            continue
        plain = source.code(path)
        for match in LINUX_NAMES.finditer(plain):
            yield f"{path}:{source.line_of(plain, match.start())}: {match.group(0)} belongs in a *_linux.cpp"
        if '"/proc/' in source.text(path):
            yield f"{path}: /proc belongs in a *_linux.cpp"


def every_linux_file_has_its_posix_twin():
    names = {str(path) for path in cpp()}
    for here, there in (("_linux.cpp", "_posix.cpp"), ("_posix.cpp", "_linux.cpp")):
        for name in sorted(names):
            if name.endswith(here) and name[:-len(here)] + there not in names:
                yield f"{name}: has no twin {name[:-len(here)] + there}"


CLOSING = {")": "(", "]": "[", "}": "{"}
LAMBDA_TAIL = re.compile(r"(\]|\)|\bmutable|\bnoexcept|\)\s*(mutable\s*)?->\s*[\w:<>,&*\s]+)\s*$")


def skip_block(plain, at):
    """The offset after the block that opens at `at`."""
    depth = 0
    while at < len(plain):
        depth += {"{": 1, "}": -1}.get(plain[at], 0)
        at += 1
        if depth == 0:
            return at
    return at


def braces_in_await(plain):
    """Offsets of '{' that open a braced temporary or list inside a co_await expression."""
    for match in re.finditer(r"\bco_await\b", plain):
        depth, at = 0, match.end()
        while at < len(plain):
            char = plain[at]
            if char in "([":
                depth += 1
            elif char in ")]":
                depth -= 1
                if depth < 0:
                    break
            elif char == ";" and depth <= 0 or char == "}":
                break
            elif char == "{":
                if not LAMBDA_TAIL.search(plain[match.end():at]):
                    yield at
                    break
                at = skip_block(plain, at)
                continue
            at += 1


def no_braced_temporary_in_a_co_await_expression():
    # g++ 12 destroys such a temporary twice.
    for path in cpp():
        plain = source.code(path)
        for at in braces_in_await(plain):
            yield (f"{path}:{source.line_of(plain, at)}: braces inside a co_await expression; "
                   "name the object and move it in")


AWAIT_IN_CHOICE = re.compile(r"\?[^;{}?]*\bco_await\b[^;{}]*:|\?[^;{}]*(?<!:):(?!:)[^;{}]*\bco_await\b")


def no_co_await_in_a_conditional_expression():
    # g++ 12 frees the frames of both branches' results wrongly: a use after free, seen under ASan.
    for path in cpp():
        plain = source.code(path)
        for match in AWAIT_IN_CHOICE.finditer(plain):
            yield (f"{path}:{source.line_of(plain, match.start())}: co_await inside ?:; "
                   "choose the task first, then await it")


CAPTURING_COROUTINE = re.compile(
    r"\[\s*[^\]\s][^\]]*\]\s*\([^()]*\)\s*(mutable\s*)?(noexcept\s*)?->\s*[\w:]*\b(Task|awaitable)\b\s*<")


def no_capturing_lambda_is_a_coroutine():
    # Its captures die with the lambda object, while the coroutine still runs. In tests the server under
    # test owns the handler for as long as it serves.
    for path in cpp():
        if is_test(path):
            continue
        plain = source.code(path)
        for match in CAPTURING_COROUTINE.finditer(plain):
            yield f"{path}:{source.line_of(plain, match.start())}: a capturing lambda as a coroutine"


def headers_open_with_a_comment_and_a_guard():
    for path in cpp():
        if path.suffix != ".h":
            continue
        content = source.text(path)
        if not content.startswith("//"):
            yield f"{path}: opens with no sentence on what it is"
        if "#pragma once" not in content:
            yield f"{path}: has no #pragma once"


IMPORTED = re.compile(r"^using\s+(?!namespace\b)[\w:]*::(\w+)\s*;", re.M)


def using_declarations_are_used():
    # clang-tidy says so too, but only for a file that is compiled alone.
    for path in source.files("src/*.cpp"):
        plain = source.code(path)
        for match in IMPORTED.finditer(plain):
            if len(re.findall(rf"(?<!::)\b{match.group(1)}\b", plain)) < 1:
                yield f"{path}:{source.line_of(plain, match.start())}: nothing uses {match.group(1)}"


VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|manager|misc)(_|$)")


def files_are_named_for_what_they_own():
    for path in source.files("src/*"):
        if any(VAGUE.search(part) for part in path.with_suffix("").parts):
            yield f"{path}: name it for what it owns"


if __name__ == "__main__":
    source.run([
        every_folder_has_a_rank,
        folders_include_only_themselves_and_lower_ranks,
        own_headers_are_included_by_path_from_src,
        protocols_do_not_know_each_other,
        codecs_perform_no_io,
        linux_only_calls_stand_in_linux_files,
        every_linux_file_has_its_posix_twin,
        no_braced_temporary_in_a_co_await_expression,
        no_co_await_in_a_conditional_expression,
        no_capturing_lambda_is_a_coroutine,
        headers_open_with_a_comment_and_a_guard,
        using_declarations_are_used,
        files_are_named_for_what_they_own,
    ])
