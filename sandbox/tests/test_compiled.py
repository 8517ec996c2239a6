"""The submission is compiled once, ahead of its tests: nothing of that may show."""

import io
import os
import tarfile

import pytest
import untar
from suites import suite


def calls(*lines):
    body = "".join(f"    {line}\n" for line in lines)
    return suite(f"@points(1)\ndef test_a(student):\n{body}\n@points(1)\ndef test_b(student):\n{body}")


def ended(done):
    return {name: frame["ended"] for name, frame in done.items()}


def test_a_module_that_the_submission_rewrites_is_the_new_one(pair):
    sub = """
import importlib
def change():
    import other
    open("other.py", "w").write("VALUE = 2\\n")
    importlib.invalidate_caches()
    return [other.VALUE, importlib.reload(other).VALUE]
"""
    one = calls("assert student.sub.change() == [1, 2]")
    assert ended(pair(suite=one).run({"sub.py": sub, "other.py": "VALUE = 1\n"})) == {"test_a": "passed", "test_b": "passed"}


def test_a_stale_compiled_file_in_the_submission_is_not_what_runs(pair):
    files = {"sub.py": "def f(): return 1\n", "__pycache__/sub.cpython-313.pyc": b"no bytecode"}
    done = pair(suite=calls("assert student.sub.f() == 1")).run(files)
    assert ended(done) == {"test_a": "passed", "test_b": "passed"}


def test_a_syntax_error_and_a_warning_are_shown_by_each_test(pair):
    done = pair(suite=calls("student.sub.f()")).run({"sub.py": "def f(:\n"})
    assert all("SyntaxError" in frame["traceback"] for frame in done.values())
    done = pair(suite=calls("student.sub.f()")).run({"sub.py": 'def f(): return "\\d"\n'})
    assert all("SyntaxWarning" in frame["stdout"] for frame in done.values())


def test_more_than_is_worth_compiling_is_compiled_by_who_imports_it(pair):
    many = {f"m{n}.py": "".join(f"def f{i}(x): return x + {i}\n" for i in range(2000)) for n in range(40)}
    done = pair(suite=calls("assert student.sub.f() == 1")).run({"sub.py": "def f(): return 1\n", **many})
    assert ended(done) == {"test_a": "passed", "test_b": "passed"}


def test_no_test_leaves_compiled_code_to_the_next(pair):
    sub = """
import os, py_compile
def act():
    before = open("__pycache__/sub.cpython-313.pyc", "rb").read()
    with open("__pycache__/sub.cpython-313.pyc", "wb") as file: file.write(b"mine")
    return len(before) > 100
"""
    done = pair(suite=calls("assert student.sub.act() is True")).run({"sub.py": sub})
    assert ended(done) == {"test_a": "passed", "test_b": "passed"}


def archive(files, tmp_path):
    path = tmp_path / "archive.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return os.open(path, os.O_RDONLY)


def test_an_archive_is_laid_out_as_it_was_packed(tmp_path):
    files = {"a.py": b"x", "empty": b"", "d/e/" + "é" * 80 + ".txt": b"1" * 3000, "p" * 90 + "/" + "q" * 90: b"z", "中.py": b"2"}
    folder = tmp_path / "out"
    untar.lay_out(archive(files, tmp_path), str(folder))
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == files


@pytest.mark.parametrize("name", ["../out", "/etc/x", "a/../../x", "a//b", "./a"])
def test_a_path_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(OSError, match="leads out"):
        untar.lay_out(archive({name: b"x"}, tmp_path), str(tmp_path / "out"))


def test_an_archive_that_is_cut_off_is_refused(tmp_path):
    fd = archive({"a": b"x" * 5000}, tmp_path)
    os.truncate(tmp_path / "archive.tar", 2000)
    with pytest.raises(OSError, match="cut off"):
        untar.lay_out(fd, str(tmp_path / "out"))
