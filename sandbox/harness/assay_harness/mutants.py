"""A suite's mutants as folders that can be imported. They are the suite's own code, so they run here."""

import json
import os
import shutil
from dataclasses import dataclass

INDEX = "mutants/index.json"  # written by the worker (src/judge/diagnosis.ts): there is no YAML reader here


@dataclass(frozen=True)
class Mutant:
    name: str
    fails: frozenset
    change: tuple


def mutants_of(suite):
    """The suite's mutants, or none where the worker named none."""
    path = os.path.join(suite, INDEX)
    if not os.path.isfile(path):
        return []
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    return [Mutant(r["name"], frozenset(r["fails"]), tuple(r["change"])) for r in rows]


class Changed:
    """Lays out the reference with the changes of some mutants, each combination once, in `work`."""

    def __init__(self, suite, work):
        self._suite, self._work, self._made = suite, work, {}
        shutil.rmtree(work, ignore_errors=True)

    def folder(self, mutants):
        """Its folder; None where the changes do not go together. No mutants: the reference itself."""
        key = tuple(m.name for m in mutants)
        if key not in self._made:
            self._made[key] = self._lay_out(mutants, os.path.join(self._work, "+".join(key) or "reference"))
        return self._made[key]

    def _lay_out(self, mutants, folder):
        shutil.copytree(os.path.join(self._suite, "reference"), folder, copy_function=os.symlink)
        laid_over = set()
        for mutant in mutants:
            own = os.path.join(self._suite, "mutants", mutant.name)
            for name in _files(own):
                if name == "mutant.yaml":
                    continue
                if name in laid_over:
                    return None
                laid_over.add(name)
                _replace(os.path.join(folder, name), _read(os.path.join(own, name)))
        for change in (c for m in mutants for c in m.change):
            path = os.path.join(folder, change["file"])
            if change["file"] in laid_over:
                continue
            text = _read(path).decode("utf-8")
            if text.count(change["find"]) != 1:
                return None
            _replace(path, text.replace(change["find"], change["replace"]).encode())
        return folder


def _files(folder):
    for where, _, names in os.walk(folder):
        for name in names:
            yield os.path.relpath(os.path.join(where, name), folder)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _replace(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "wb") as file:
        file.write(data)
