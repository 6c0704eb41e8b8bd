"""Words that do not belong in the tree: unfinished places, one machine's paths, download addresses."""

import re

import source

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|(?i:\bnot implemented\b|\bfor now\b|\bplaceholder implementation\b)")
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(work|farm|root)/")
HOSTS = re.compile(r"registry\.npmjs\.org|deb\.debian\.org|security\.debian\.org|npmmirror\.com")
KEYS = re.compile(r"sk-ant-api\d\d-[A-Za-z0-9_-]{80,}|\bAKIA[0-9A-Z]{16}\b|\bAIza[A-Za-z0-9_-]{35}\b|\bghp_[A-Za-z0-9]{36}\b")
BINARY = {".bin", ".png", ".pdf", ".gz", ".br", ".ico", ".woff2"}
# Recorded requests of real clients speak of their own world.
RECORDED = ("tests/fixtures/", "tests/golden/")
SELF = "tests/architecture/words_test.py"


def readable():
    return [p for p in source.files() if p.suffix not in BINARY and str(p) != SELF]


def hits(pattern, paths):
    for path in paths:
        content = source.text(path)
        for match in pattern.finditer(content):
            yield f"{path}:{source.line_of(content, match.start())}: {match.group(0)}"


def nothing_is_left_unfinished():
    # Only comments and code of ours; prose may speak of the thing.
    own = [p for p in readable() if p.parts[0] in ("src", "bench", "fuzz", "tools", "cmake", "tests")]
    yield from hits(UNFINISHED, [p for p in own if not str(p).startswith(RECORDED)])


def no_machine_path_is_named():
    yield from hits(MACHINE_PATHS, [p for p in readable() if not str(p).startswith(RECORDED)])


def no_download_address_is_named():
    yield from hits(HOSTS, readable())


def lock_files_record_no_address():
    yield from hits(re.compile(r'"resolved":'), source.files("*package-lock.json"))


def no_real_looking_key_is_in_the_tree():
    yield from hits(KEYS, readable())


if __name__ == "__main__":
    source.run([nothing_is_left_unfinished, no_machine_path_is_named, no_download_address_is_named,
                lock_files_record_no_address, no_real_looking_key_is_in_the_tree])
