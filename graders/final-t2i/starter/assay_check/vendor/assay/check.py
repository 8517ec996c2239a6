"""`python -m assay_check` in a student's folder: the visible tests, on their own machine, with numpy alone."""

import argparse
import json
import locale
import os
import sys

from . import current
from .collecting import collect
from .inprocess import run_test
from .marks import title_of
from .oracle import NotHere, Replay

KEY = bytes(32)
SAYINGS = {
    "passed": ("passed", "通过"),
    "partial": ("partly", "部分"),
    "failed": ("FAILED", "未通过"),
    "left": ("on the server only", "仅在服务器上运行"),
    "total": ("{earned:g} of {shown:g} points in the tests that run here.", "本地测试得分：{earned:g} / {shown:g}。"),
    "remain": (
        "{count} more tests worth {points:g} points run on the server.",
        "另有 {count} 个测试（共 {points:g} 分）只在服务器上运行。",
    ),
}


def main(kit):
    """`kit` is the assay_check folder; the tests lie beside it, the work in the current folder."""
    options = _options()
    sys.stdout.reconfigure(errors="replace")  # a Windows console may know neither language's letters
    here = os.path.dirname(kit)
    current.set_suite_folder(os.path.join(here, "visible_tests"))
    with open(os.path.join(kit, "expected.bin"), "rb") as file:
        oracle = Replay(file.read())
    with open(os.path.join(kit, "remaining.json"), encoding="utf-8") as file:
        remaining = json.load(file)
    current.set_oracle(oracle)
    rows = [_row(test, oracle) for test in collect(os.path.join(here, "visible_tests"))]
    if options.json:
        print(json.dumps({"tests": rows, "remaining": remaining}, ensure_ascii=False))
    else:
        _show(rows, remaining, options.lang)
    sys.exit(0 if all(r["word"] in ("passed", "left") for r in rows) else 1)


def _row(test, oracle):
    row = {"name": test.name, "title": title_of(test.name, test.mark), "points": test.mark.hundredths / 100}
    try:
        result = run_test(test, os.getcwd(), oracle, KEY)
    except NotHere:
        return {**row, "word": "left", "score": 0.0}
    word = "passed" if result["score"] >= 1 else "partial" if result["score"] > 0 else "failed"
    keep = ("ended", "score", "message", "traceback", "stdout")
    return {**row, "word": word, **{k: result[k] for k in keep}}


def _show(rows, remaining, language):
    def say(key, **values):
        return SAYINGS[key][language == "zh"].format(**values)

    for row in rows:
        earned = row["score"] * row["points"]
        print(f"{say(row['word'])}  {row['title'][language]}  ({earned:g}/{row['points']:g})")
        for text in ((row.get("message") or {}).get(language), row.get("traceback"), row.get("stdout")):
            if text and row["word"] != "passed":
                print("    " + text.rstrip().replace("\n", "\n    "))
    here = [r for r in rows if r["word"] != "left"]
    left = [r for r in rows if r["word"] == "left"]
    print(say("total", earned=sum(r["score"] * r["points"] for r in here), shown=sum(r["points"] for r in here)))
    count, points = remaining["count"] + len(left), remaining["points"] + sum(r["points"] for r in left)
    if count:
        print(say("remain", count=count, points=points))


def _options():
    chinese = (locale.getlocale()[0] or os.environ.get("LANG", "")).lower().startswith(("zh", "chinese"))
    parser = argparse.ArgumentParser(prog="python -m assay_check")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=("en", "zh"), default="zh" if chinese else "en")
    return parser.parse_args()
