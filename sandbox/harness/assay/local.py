"""`python3 -m assay.local SUITE_DIR SUBMISSION_DIR`: a suite's tests in this process, for its writer.

There is no wall here and no deadline: never run a stranger's submission this way.
"""

import argparse
import json
import os
import sys

from . import current
from .collecting import SuiteProblem, collect
from .inprocess import Reference, run_test
from .marks import title_of


def main():
    options = _options()
    suite = os.path.realpath(options.suite)
    current.set_suite_folder(suite)
    try:
        tests = collect(os.path.join(suite, "tests"))
    except SuiteProblem as problem:
        sys.exit(str(problem))
    reference = Reference(os.path.join(suite, "reference"))
    key = bytes.fromhex(options.seed)
    results = []
    for test in (t for t in tests if options.k in t.name):
        result = run_test(test, options.submission, reference, key, options.tolerance)
        result["points"] = test.mark.hundredths / 100
        results.append(result)
        if not options.json:
            _show(test, result)
    earned = sum(r["score"] * r["points"] for r in results)
    total = sum(r["points"] for r in results)
    if options.json:
        rows = [{k: v for k, v in r.items() if k not in ("artifacts", "op")} for r in results]
        print(json.dumps({"score": round(earned, 2), "max": total, "tests": rows}, ensure_ascii=False))
    else:
        print(f"{earned:.2f} of {total:.2f}")


def _options():
    parser = argparse.ArgumentParser(prog="python3 -m assay.local")
    parser.add_argument("suite")
    parser.add_argument("submission")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seed", default="00" * 32, metavar="HEX")
    parser.add_argument("--tolerance", type=float, default=1.0, help="factor on every rtol and atol")
    parser.add_argument("-k", default="", metavar="NAME", help="only tests whose name contains this")
    return parser.parse_args()


def _show(test, result):
    earned = result["score"] * result["points"]
    word = "ok  " if result["score"] == 1 else "part" if earned else "FAIL"
    print(f"{word} {test.name}: {earned:g}/{result['points']:g}  {result['wall_ms']:.0f} ms  {title_of(test.name, test.mark)['en']}")
    if result["message"]:
        print(f"       {result['ended']}: {result['message']['en']}\n       {result['message']['zh']}")
    for text in (result["traceback"], result["extra"].get("harness_traceback"), result["stdout"]):
        if text:
            print("       " + text.rstrip().replace("\n", "\n       "))
    for event in result["events"]:
        print(f"       {event}")


if __name__ == "__main__":
    main()
