"""Groups a room's sources so that a group compiles as one file: no two of a group declare the same name.

    unity_groups.py LINES <LIST >CMAKE

LIST has a line "target source" for each source; CMAKE gives each source its UNITY_GROUP. Names in the unnamed namespaces
of two files are different things only while the files are compiled apart. So every name counts that a source declares
outside of classes and functions, and a source whose own name some header of its room declares as well stays alone.
LINES is how long a group becomes.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

KINDS = "fvcsugtpdAN"  # what of ctags' kinds has a name at namespace scope
SHAREABLE = {"name", "typedef"}  # using declarations and aliases: said twice in the same words they are one
# Tests have names of their own; ctags takes their macro's name for theirs.
TEST_MACROS = re.compile(r"^(TEST(_F|_P)?|INSTANTIATE_TEST_SUITE_P)$")
UNNAMED = re.compile(r"(::)?__anon\w+")


class Names:
    """What one file declares: {(namespace, name): what it is}, and which of them are its `own`, in an unnamed namespace."""

    def __init__(self):
        self.every, self.own = {}, set()


def names_of(paths):
    listed = subprocess.run(["ctags", "--languages=C++", "--output-format=json", "--fields=+K", "-f", "-",
                             f"--kinds-C++={KINDS}", "-L", "-"],
                            input="\n".join(paths), capture_output=True, text=True, check=True)
    names = collections.defaultdict(Names)
    for line in listed.stdout.splitlines():
        tag = json.loads(line)
        if tag.get("scopeKind", "namespace") != "namespace" or TEST_MACROS.match(tag["name"]):
            continue
        scope, path = tag.get("scope", ""), tag["path"]
        key = (UNNAMED.sub("", scope) if tag["kind"] != "macro" else "", tag["name"])
        names[path].every[key] = tag["pattern"] if tag["kind"] in SHAREABLE else path
        if UNNAMED.search(scope) and tag["kind"] not in SHAREABLE:
            names[path].own.add(key)
    return names


def in_headers_of(sources):
    folders = sorted({pathlib.Path(source).parent for source in sources})
    headers = [str(header) for folder in folders for header in sorted(folder.glob("*.h"))]
    return set().union(*(names.every for names in names_of(headers).values()))


def agree(some, others):
    return all(some.get(key, meaning) == meaning for key, meaning in others.items())


def groups_of(sources, limit):
    """Lists of sources; each goes to the first group that has room for it and knows none of its names."""
    names, taken = names_of(sources), in_headers_of(sources)
    groups = []
    for source in sources:
        lines = pathlib.Path(source).read_bytes().count(b"\n")
        alone = bool(names[source].own & taken)
        for group in [] if alone else groups:
            if group["lines"] + lines <= limit and agree(group["names"], names[source].every):
                break
        else:
            group = {"sources": [], "names": {}, "lines": limit if alone else 0}
            groups.append(group)
        group["sources"].append(source)
        group["names"] |= names[source].every
        group["lines"] += lines
    return [group["sources"] for group in groups]


def main():
    limit = int(sys.argv[1])
    targets = collections.defaultdict(list)
    for line in sys.stdin:
        target, source = line.split(maxsplit=1)
        targets[target].append(source.strip())
    for target, sources in targets.items():
        for number, group in enumerate(groups_of(sorted(sources), limit)):
            for source in group:
                print(f'set_source_files_properties("{source}" PROPERTIES UNITY_GROUP {target}_{number})')


if __name__ == "__main__":
    main()
