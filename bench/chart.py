"""The chart of docs/performance.md, as SVG: what was measured last, in bars."""

import html
import math

from bars import cell, ratio
from measure import median
from report import NAMES, WAYS, kilobytes
from streams_parts import added_delay

COLORS = {"direct": "#9aa5b1", "nginx": "#5b6b7b", "verbatim": "#2f8f6b", "translated": "#2463b4", "reference": "#c2682b"}
WIDTH, LEFT, RIGHT, BAR, GAP = 780, 210, 110, 18, 6


def text(x, y, words, size=12, anchor="start", weight="normal"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" font-weight="{weight}" fill="#1f2933">'
            f"{html.escape(words)}</text>")


def panel(y, title, bars, is_log=False):
    """Bars (label, value, words, colour) below a title; what is drawn, and where it ends."""
    out = [text(16, y + 16, title, 14, weight="bold")]
    y += 28
    most = max(value for _, value, _, _ in bars)
    # The shortest bar of a logarithmic scale begins a third of a decade above its left end.
    least = min(value for _, value, _, _ in bars if value > 0) / 2 if is_log else 0
    for label, value, words, color in bars:
        share = math.log(value / least) / math.log(most / least) if is_log else max(value, 0) / most
        width = max(1, share * (WIDTH - LEFT - RIGHT))
        out += [text(LEFT - 8, y + 13, label, anchor="end"),
                f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" rx="2" fill="{color}"/>',
                text(LEFT + width + 6, y + 13, words)]
        y += BAR + GAP
    return out, y + 14


def latency(parts):
    ways = cell(parts["table"]["cells"], 115, 1)
    values = {way: median(ways[way], "p50") for way in ("direct", "nginx", "verbatim", "translated")}
    if parts.get("reference"):
        values["reference"] = median(cell(parts["reference"]["cells"], 115, 1)["reference"], "p50")
    return ("A request of 115 KB and its streamed answer, one client: p50, logarithmic",
            [(NAMES[way], value, f"{value:.2f} ms", COLORS[way]) for way, value in values.items()], True)


def sizes(parts):
    bars = []
    for one in parts["table"]["cells"]:
        if one["clients"] == 1:
            for way in ("verbatim", "translated"):
                value = ratio(one["ways"], way, "nginx", "p50")
                bars.append((f"{kilobytes(one['size'])}, {way}", value, f"{value:.2f} × nginx", COLORS[way]))
    return "The same by size: p50 to that of nginx, which only passes bytes", bars, False


def delays(parts):
    bars = []
    for one in parts["events"]["cells"]:
        for way in WAYS[1:]:
            value = added_delay(one, way, "delay99")
            if value is not None:
                count = f"{one['streams']} stream" + ("s" if one["streams"] > 1 else "")
                bars.append((f"{count}, {NAMES[way]}", max(value, 0), f"{value:+.2f} ms", COLORS[way]))
    return "Added to one event of a stream: p99", bars, False


def draw(parts):
    have = {name: part["data"] for name, part in parts.items()}
    y, body = 12, []
    for needs, made in (("table", latency), ("table", sizes), ("events", delays)):
        title, bars, is_log = made(have) if have.get(needs) else ("", [], False)
        if bars and max(value for _, value, _, _ in bars) > 0:
            drawn, y = panel(y, title, bars, is_log)
            body += drawn
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
            f'font-family="system-ui, sans-serif"><rect width="{WIDTH}" height="{y}" fill="#ffffff"/>' + "".join(body) + "</svg>\n")
