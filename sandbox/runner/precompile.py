"""Compiles the submission once, before its first test: every test's child would else do it again.

A child of its own does it, which runs nothing of the student's and ends before any test's input is there.
So whatever its bytes are, they follow from the submission alone and carry nothing from one test to another.
Each file is checked against its source when it is imported; one that changed is compiled as usual.
"""

import fcntl
import importlib.machinery
import importlib.util
import os
import warnings
from importlib._bootstrap_external import _code_to_hash_pyc

import untar

SOURCE_LIMIT_BYTES = 1 << 20
FILES_LIMIT_COUNT = 200


def new_file():
    """A memory file for the compiled files."""
    return os.memfd_create("compiled", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)


def seal(fd):
    """From here on nobody changes it."""
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL)


def run(submission, compiled, folder):
    """In a child: an archive of .pyc files into `compiled`. What does not compile is left out. Never returns."""
    try:
        untar.lay_out(submission, folder)
        for path in _sources(folder):
            pyc = _compile(path)
            name = os.path.relpath(importlib.util.cache_from_source(path), folder)
            if pyc is not None and untar.fits(name):
                untar.write(compiled, name, pyc)
    finally:
        os._exit(0)


def _sources(folder):
    """The .py files, as many as are worth it."""
    left = SOURCE_LIMIT_BYTES
    paths = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in sorted(names))
    for path in [p for p in paths if p.endswith(".py")][:FILES_LIMIT_COUNT]:
        left -= os.path.getsize(path)
        if left >= 0:
            yield path


def _compile(path):
    """The bytes of a .pyc; None for a file with an error or a warning, which each test is to show."""
    loader = importlib.machinery.SourceFileLoader("submission", path)
    try:
        source = loader.get_data(path)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            code = loader.source_to_code(source, path)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return None if said else bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), True))
