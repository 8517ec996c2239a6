"""Puts the numbers of data/constants-S.json into both sheets, between their markers: python tools/show_constants.py"""

import json
import re
from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent
HEADS = {"README.md": "| metric at {side} × {side} | base (0) | full marks | three reference seeds |",
         "README.zh.md": "| 指标（{side} × {side}） | base（0 分） | full（满分） | 三个参考种子 |"}


def table(head, constants):
    rows = [head.format(side=constants["side"]), "|---|---|---|---|"]
    for name, known in constants["metrics"].items():
        seeds = ", ".join(f"{value:.3f}" for value in known["seeds"])
        rows.append(f"| {name} | {known['base']:.3f} | {known['full']:.3f} | {seeds} |")
    return "\n".join(rows)


for file, head in HEADS.items():
    text = (SUITE / file).read_text(encoding="utf-8")
    shown = "\n\n".join(table(head, json.loads(path.read_text())) for path in sorted(SUITE.glob("data/constants-*.json")))
    text = re.sub(r"(<!-- constants -->\n).*(<!-- end -->)", lambda m: f"{m[1]}{shown}\n{m[2]}", text, flags=re.S)
    (SUITE / file).write_text(text, encoding="utf-8")
