"""Mutants x tests, in one process and without Docker: what `assay suite validate` proves, for the suite's writer.

    PYTHONPATH=sandbox/harness python checks/matrix.py [--write] [--seed HEX] [NAME ...]

--write puts the observed names into each mutant.yaml's `fails`; read them before you keep them.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

import yaml

SUITE = Path(__file__).resolve().parent.parent
from assay import current  # noqa: E402
from assay.collecting import collect  # noqa: E402
from assay.inprocess import Reference, run_test  # noqa: E402


def mutated(name, folder):
    """The reference with the mutant's change made and its files laid over."""
    own = SUITE / "mutants" / name
    shutil.copytree(SUITE / "reference", folder, dirs_exist_ok=True)
    settings = yaml.safe_load((own / "mutant.yaml").read_text(encoding="utf-8"))
    changes = settings.get("change", [])
    for change in changes if isinstance(changes, list) else [changes]:
        file = Path(folder, change["file"])
        text = file.read_text(encoding="utf-8")
        if text.count(change["find"]) != 1:
            sys.exit(f"{name}: {change['find']!r} stands {text.count(change['find'])} times in {change['file']}")
        file.write_text(text.replace(change["find"], change["replace"]), encoding="utf-8")
    for file in own.iterdir():
        if file.name != "mutant.yaml":
            shutil.copy(file, folder)
    return settings["fails"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seed", default="00" * 32)
    choice = parser.parse_args()
    current.set_suite_folder(str(SUITE))
    tests = collect(str(SUITE / "tests"))
    names = choice.names or ["reference", "starter", *sorted(p.name for p in (SUITE / "mutants").iterdir())]
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            if name in ("reference", "starter"):
                shutil.copytree(SUITE / name, folder, dirs_exist_ok=True)
                expected = None
            else:
                expected = mutated(name, folder)
            results = [(t, run_test(t, folder, Reference(str(SUITE / "reference")), bytes.fromhex(choice.seed)))
                       for t in tests]
        lost = [t.name for t, r in results if r["score"] < 1]
        total = sum(r["score"] * t.mark.hundredths for t, r in results) / 100
        flags = sum(e["op"] == "flag" for _, r in results for e in r["events"])
        seconds = sum(r["wall_ms"] for _, r in results) / 1000
        agrees = "" if expected is None else "as named" if sorted(expected) == sorted(lost) else "NOT AS NAMED"
        print(f"{name}: {total:.2f} in {seconds:.0f} s, {flags} flags, {agrees}", flush=True)
        for test, result in results:
            if result["score"] < 1 or name == "reference":
                message = (result["message"] or {}).get("en", "")
                print(f"    {result['score']:.3f} {test.name} {result['wall_ms']:.0f} ms {result['ended']}: {message[:150]}")
                if "harness_traceback" in result["extra"]:
                    print(result["extra"]["harness_traceback"])
        if choice.write and expected is not None:
            file = SUITE / "mutants" / name / "mutant.yaml"
            text = re.sub(r"fails:\n(  - .*\n)+", "fails:\n" + "".join(f"  - {n}\n" for n in lost), file.read_text())
            file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
