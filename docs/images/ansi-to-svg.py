#!/usr/bin/env python3
"""Draws a terminal's colours as SVG: `bartizan scan … --color always | ansi-to-svg.py "the command" > report.svg`."""

import html
import re
import sys

COLOURS = {
    30: "#484f58", 31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#56d4dd", 37: "#c9d1d9",
    90: "#8b949e", 91: "#ffa198", 92: "#aff5b4", 93: "#f2cc60", 94: "#a5d6ff", 95: "#e2c5ff", 96: "#b3f0ff", 97: "#ffffff",
}
TEXT, PAPER, EDGE = "#d6dde4", "#0d1117", "#30363d"
WIDE, HIGH, SIZE, PAD, BAR = 8.43, 19, 14, 18, 34


def runs(line, style):
    """Pieces of one line and the style each has. The style is carried on to the next line."""
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        codes = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
        if not codes:
            if piece:
                yield piece, dict(style)
            continue
        for code in (int(number or 0) for number in codes[1].split(";")):
            if code == 0:
                style.clear()
            elif code in (1, 2, 4, 7):
                style[code] = True
            elif code == 22:
                style.pop(1, None), style.pop(2, None)
            elif code == 24:
                style.pop(4, None)
            elif code == 39:
                style.pop("fg", None)
            elif code in COLOURS:
                style["fg"] = COLOURS[code]


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    lines = [f"\x1b[32m$\x1b[0m \x1b[1m{sys.argv[1]}\x1b[0m", ""] + lines
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    width = int(max(map(len, plain)) * WIDE + 2 * PAD)
    height = BAR + len(lines) * HIGH + PAD
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">',
        f"<title>Output of {html.escape(sys.argv[1])}</title>",
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="9" fill="{PAPER}" stroke="{EDGE}"/>',
    ]
    out += [f'<circle cx="{20 + 18 * i}" cy="17" r="5.5" fill="{EDGE}"/>' for i in range(3)]
    out.append(
        f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="{SIZE}" '
        f'fill="{TEXT}" xml:space="preserve">'
    )
    style = {}
    for row, line in enumerate(lines):
        column, y = 0, BAR + (row + 1) * HIGH - 5
        for text, look in runs(line, style):
            if 7 in look:
                box = f'x="{PAD + column * WIDE:.1f}" y="{y - 14}" width="{len(text) * WIDE:.1f}" height="{HIGH}"'
                out.append(f'<rect {box} rx="3" fill="{look.get("fg", TEXT)}"/>')
                look["fg"] = PAPER
            if text.strip():
                lead = len(text) - len(text.lstrip(" "))
                shown = text.strip(" ")
                attributes = f'x="{PAD + (column + lead) * WIDE:.1f}" y="{y}" textLength="{len(shown) * WIDE:.1f}"'
                if "fg" in look:
                    attributes += f' fill="{look["fg"]}"'
                if 1 in look:
                    attributes += ' font-weight="700"'
                if 2 in look:
                    attributes += ' opacity=".62"'
                if 4 in look:
                    attributes += ' text-decoration="underline"'
                out.append(f"<text {attributes}>{html.escape(shown)}</text>")
            column += len(text)
    out.append("</g></svg>")
    print("\n".join(out))


main()
