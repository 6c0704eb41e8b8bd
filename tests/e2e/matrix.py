"""Every kind of client over every kind of provider: runs the SDKs' checks and prints the figures as Markdown.

    matrix.py            prints the matrix and writes docs/matrix.md
    matrix.py --check    prints it, and fails where it differs from docs/matrix.md
"""

import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from bed import sdk, wires  # noqa: E402  (found by the line above)
from bed.service import Service, providers_of  # noqa: E402
from bed.upstream import Upstream  # noqa: E402

DOCUMENT = HERE.parents[1] / "docs/matrix.md"
NAMES = {"messages": "Anthropic Messages", "chat": "OpenAI Chat", "responses": "OpenAI Responses", "gemini": "Gemini"}
HEAD = """# Every client over every provider

Made by `tools/matrix`: the official SDK of each client's protocol (rows) through ccr over a scripted provider of each
protocol (columns): text, streams, tools and their results, thoughts, limits, cuts, counts, lists of models, and every
error as the SDK's own class. Checks passed of checks made.
"""


def cell(client, wire):
    """The figure, and what failed."""
    with Upstream(sdk.script) as upstream, Service(providers_of(upstream, wire)) as service:
        lines = sdk.run_checks(service, client)
    failed = [line.removeprefix("not ok ") for line in lines if not line.startswith("ok ")]
    return f"{len(lines) - len(failed)}/{len(lines)}", [f"{NAMES[client]} over {NAMES[wire]}: {name}" for name in failed]


def matrix():
    columns = list(wires.WIRES)
    rows = ["| client \\ provider | " + " | ".join(NAMES[wire] for wire in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    failures = []
    for client in sdk.PACKAGES:
        figures = []
        for wire in columns:
            figure, failed = cell(client, wire)
            figures.append(figure)
            failures += failed
        rows.append(f"| {NAMES[client]} | " + " | ".join(figures) + " |")
    return "\n".join(rows) + "\n", failures


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    table, failures = matrix()
    text = f"{HEAD}\n{table}"
    print(table)
    for failure in failures:
        print(failure)
    if "--check" in sys.argv:
        same = DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == text
        print("1 passed, 0 failed" if same else "docs/matrix.md differs: run tools/matrix\n0 passed, 1 failed")
        return 0 if same else 1
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
