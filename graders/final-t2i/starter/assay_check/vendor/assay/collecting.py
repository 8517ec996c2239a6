"""Finding a suite's tests without pytest, for assay.local and the desk kit."""

import importlib.util
import inspect
import os
import sys
from dataclasses import dataclass

from .marks import mark_of

FIXTURES = ("student", "reference", "rng")


@dataclass(frozen=True)
class Test:
    name: str
    function: object
    mark: object
    needs: tuple


class SuiteProblem(Exception):
    """A suite that cannot be run; the text names the place."""


def collect(folder):
    """The tests in `folder`/test_*.py, visible ones first, otherwise in the order of the files."""
    sys.path.insert(0, folder)
    tests = []
    for file in sorted(f for f in os.listdir(folder) if f.startswith("test_") and f.endswith(".py")):
        tests += _tests_of(os.path.join(folder, file))
    names = [t.name for t in tests]
    for name in names:
        if names.count(name) > 1:
            raise SuiteProblem(f"two tests are called {name}; names are unique in a suite")
    return sorted(tests, key=lambda t: t.mark.visibility != "visible")


def _tests_of(path):
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    functions = [f for n, f in vars(module).items() if n.startswith("test_") and inspect.isfunction(f)]
    return [_test(f, path) for f in functions if f.__module__ == name]


def _test(function, path):
    place = f"{os.path.basename(path)}: {function.__name__}"
    mark = mark_of(function)
    if mark is None:
        raise SuiteProblem(f"{place}: has no @points")
    needs = tuple(inspect.signature(function).parameters)
    for need in needs:
        if need not in FIXTURES:
            raise SuiteProblem(f"{place}: asks for {need}; there are {', '.join(FIXTURES)}")
    return Test(function.__name__, function, mark, needs)
