"""What a student's code may try from inside, and that the next test knows nothing of it."""

import pytest
from suites import suite

SUITE = suite(
    """
@points(1)
def test_first(student):
    assert student.bad.act(1.0) == "honest"

@points(1)
def test_second(student, rng):
    x = rng.standard_normal(3)
    assert close(student.good.add(x, 1.0), x + 1)
    assert student.good.look_around() == [], student.good.look_around()
"""
)
GOOD = '''
import os

def add(x, y):
    return x + y

def look_around():
    """Whatever an earlier test has left: processes, files, shared memory."""
    found = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
    found += [f"/tmp/{f}" for f in os.listdir("/tmp") if f != "submission"]
    found += sorted(set(os.listdir("/tmp/submission")) - {"good.py", "bad.py", "__pycache__"})
    found += [f"/dev/shm/{f}" for f in os.listdir("/dev/shm")]
    return found
'''

SURVIVE = {
    "kill everything": "os.kill(-1, 9)",
    "kill the parent": "[os.kill(1, s) for s in (9, 15, 2, 11, 19, 1, 10)]",
    "write to the runner's memory": "open('/proc/1/mem', 'r+b')",
    "read the runner's descriptors": "os.listdir('/proc/1/fd')",
    "read the runner's environment": "open('/proc/1/environ').read()",
    "trace the runner": "1 / (0 if ctypes.CDLL(None).ptrace(16, 1, 0, 0) else 1)",
    "take a descriptor of the runner": "pidfd_getfd()",
}
SURVIVE_HEAD = """
import ctypes, os, resource
def pidfd_getfd():
    fd = os.pidfd_open(1)
    for number in range(64):
        if ctypes.CDLL(None).syscall(438, fd, number, 0) >= 0:
            raise SystemExit(f'descriptor {number} was taken')
    raise PermissionError
def act(x):
    try:
        ACTION
    except (OSError, ZeroDivisionError):
        return "honest"
    return "honest" if KILLS else "did it"
"""


@pytest.mark.parametrize("name", SURVIVE)
def test_the_runner_cannot_be_reached(pair, name):
    kills = "kill" in name
    bad = SURVIVE_HEAD.replace("ACTION", SURVIVE[name]).replace("KILLS", str(kills))
    done = pair(suite=SUITE).run({"good.py": GOOD, "bad.py": bad})
    assert ended(done) == {"test_first": "passed", "test_second": "passed"}, done


CHANGES = {
    "limits": "import resource\ndef act(x): resource.prlimit(1, resource.RLIMIT_NOFILE, (16, 16)); return 'honest'",
    "priority": "import os\ndef act(x): os.setpriority(os.PRIO_PROCESS, 1, 19); return 'honest'",
    "processors": "import os\ndef act(x): os.sched_setaffinity(1, [0]); return 'honest'",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_runner_is_not_used_again(pair, name):
    done = pair(suite=SUITE, slots=2).run({"good.py": GOOD, "bad.py": CHANGES[name]}, spare=(1,))
    assert ended(done) == {"test_first": "sandbox_lost", "test_second": "passed"}, done


# What the student does → how the test ends. The second test always passes in the same sandbox.
ENDS = {
    "os._exit": ("import os\ndef act(x): os._exit(0)", "student_exception"),
    "os._exit at import": ("import os\nos._exit(0)", "student_exception"),
    "sys.exit": ("import sys\ndef act(x): sys.exit(0)", "student_exception"),
    "sys.exit at import": ("import sys\nsys.exit(0)", "student_exception"),
    "a syntax error": ("def act(x) return 1", "student_exception"),
    "a segmentation fault": ("import ctypes\ndef act(x): ctypes.string_at(0)", "student_exception"),
    "abort": ("import os\ndef act(x): os.abort()", "student_exception"),
    "KeyboardInterrupt": ("def act(x): raise KeyboardInterrupt", "student_exception"),
    "closes every descriptor": ("import os\ndef act(x): os.closerange(0, 1000)", "student_exception"),
    "kills itself": ("import os\ndef act(x): os.kill(os.getpid(), 9)", "student_exception"),
    "an exception that cannot be shown": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\ndef act(x): raise E",
        "student_exception",
    ),
    "a busy loop": ("def act(x):\n    while True: pass", "deadline"),
    "a loop at import": ("while True: pass", "deadline"),
    "a C call that holds the GIL": ("import ctypes\ndef act(x): ctypes.PyDLL(None).sleep(100)", "deadline"),
    "deaf to signals": (
        "import signal, time\ndef act(x):\n    [signal.signal(s, signal.SIG_IGN) for s in (2, 15)]\n    time.sleep(99)",
        "deadline",
    ),
    "stdout without newlines": ("def act(x):\n    while True: print('x' * 4096, end='')", "output_limit"),
    "stdout with newlines": ("def act(x):\n    while True: print('x')", "output_limit"),
    "raw stderr from a daemon": (
        "import os\ndef act(x):\n    if os.fork() == 0:\n        while True: os.write(2, b'x' * 65536)\n"
        "    import time\n    time.sleep(60)",
        "output_limit",
    ),
    "just over the cap, then an honest answer": ("def act(x):\n    print('x' * 65536)\n    return 'honest'", "output_limit"),
    "a fork bomb": (
        "import os\ndef act(x):\n    while True:\n        try: os.fork()\n        except OSError: pass",
        "deadline",
    ),
    "writes into its own channel": (
        "import os\ndef act(x):\n    for fd in range(3, 200):\n        try: os.write(fd, b'garbage' * 100)\n"
        "        except OSError: pass\n    return 'honest'",
        "bad_answer",
    ),
    "a frame that answers before the answer": (
        "import os, json\ndef act(x):\n    text = json.dumps({'id': 'guess', 'value': 'honest'}).encode()\n"
        "    for fd in range(3, 200):\n        try: os.write(fd, len(text).to_bytes(4, 'big') + text)\n"
        "        except OSError: pass\n    return 'honest'",
        "bad_answer",
    ),
    "an answer beyond the limit": ("import numpy\ndef act(x): return numpy.zeros(10**7)", "bad_answer"),
    "text beyond the limit": ("def act(x): return 'x' * (9 << 20)", "bad_answer"),
    "a million values": ("def act(x): return [0] * 1_500_000", "bad_answer"),
    "a list in itself": ("def act(x):\n    a = []\n    a.append(a)\n    return a", "bad_answer"),
    "nine dimensions": ("import numpy\ndef act(x): return numpy.zeros((1,) * 9)", "bad_answer"),
    "a generator": ("def act(x): yield 1", "bad_answer"),
    "an object that equals everything": (
        "class Yes:\n    def __eq__(self, other): return True\ndef act(x): return Yes()",
        "bad_answer",
    ),
    "None": ("def act(x): return None", "assertion"),
    "an ndarray subclass": (
        "import numpy\nclass Foo(numpy.ndarray): pass\ndef act(x): return numpy.zeros(3).view(Foo)",
        "bad_answer",
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_an_end_is_called_by_its_word_and_the_next_test_is_clean(pair, name):
    source, word = ENDS[name]
    p = pair(suite=SUITE, limits={"per_test_s": 2})
    done = p.run({"good.py": GOOD, "bad.py": source})
    assert ended(done) == {"test_first": word, "test_second": "passed"}, done
    first = done["test_first"]
    assert first["score"] == 0 and first["message"]["en"] and first["message"]["zh"]
    assert first["wall_ms"] < 4000 and len(first["stdout"].encode()) <= 65536
    assert "/opt" not in (first["traceback"] or "") and "runner" not in (first["traceback"] or "")


# What stays behind if nobody cleans: all honest answers, all gone in the next test.
LEAVES = {
    "a daemon": """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.001)
            try: open('/tmp/submission/planted.py', 'w').write('x')
            except OSError: pass
    os._exit(0)""",
    "a daemon that answers in the channel": """
if os.fork() == 0:
    while True:
        for fd in range(3, 64):
            try: os.write(fd, b'x' * 10)
            except OSError: pass
        time.sleep(0.3)""",
    "files without permission": "os.makedirs('/tmp/a/b'); open('/tmp/a/b/c', 'w'); os.chmod('/tmp/a/b', 0); os.chmod('/tmp/a', 0)",
    "a folder 3000 deep": """
for _ in range(3000):
    os.mkdir('d' * 100)
    os.chdir('d' * 100)""",
    "a full tmpfs": """
with open('/tmp/full', 'wb') as f:
    try:
        while True: f.write(bytes(1 << 20))
    except OSError: pass""",
    "no inode left": """
try:
    for i in range(10**6): open(f'/tmp/{i}', 'w').close()
except OSError: pass""",
    "shared memory": "open('/dev/shm/x', 'wb').write(bytes(1 << 20))",
    "System V memory": "ctypes.CDLL(None).shmget(42, 4096, 0o1666)",
    "a changed file of the submission": "open('/tmp/submission/good.py', 'w').write('def add(x, y): return 0')",
    "a replaced good.py by __pycache__": "os.makedirs('/tmp/submission/__pycache__', exist_ok=True); open('/tmp/submission/__pycache__/good.cpython-313.pyc', 'wb').write(b'x')",
    "a renamed submission": "os.rename('/tmp/submission', '/tmp/other')",
    "links out of the folder": "os.symlink('/', '/tmp/root'); os.symlink('/tmp/root', '/tmp/submission/r')",
    "a monkeypatched numpy": "import numpy; numpy.allclose = lambda *a: True; numpy.ndarray",
}


@pytest.mark.parametrize("name", LEAVES)
def test_nothing_of_a_test_is_left_for_the_next(pair, name):
    body = "\n".join("    " + line for line in LEAVES[name].strip().splitlines())
    bad = f"import ctypes, os, time\ndef act(x):\n{body}\n    return 'honest'\n"
    done = pair(suite=SUITE).run({"good.py": GOOD, "bad.py": bad})
    first = done["test_first"]
    # Only the daemon that writes into the channel may spoil its own test.
    assert first["ended"] == "passed" or "channel" in name, first
    assert done["test_second"]["ended"] == "passed", done


def test_system_v_objects_are_removed(pair):
    look = suite(
        """
@points(1)
def test_a(student):
    assert student.sub.make() >= 0
@points(1)
def test_b(student):
    assert student.sub.count() == 0
"""
    )
    sub = (
        "import ctypes\ndef make(): return ctypes.CDLL(None).shmget(42, 4096, 0o1666)\n"
        "def count(): return len(open('/proc/sysvipc/shm').readlines()) - 1\n"
    )
    assert ended(pair(suite=look).run({"sub.py": sub})) == {"test_a": "passed", "test_b": "passed"}


def test_own_modules_named_like_ours_or_the_librarys_harm_nobody_else(pair):
    one = suite("@points(1)\ndef test_it(student):\n    assert student.wire.act() == 'theirs'\n")
    shadows = {f"{n}.py": "raise SystemExit\n" for n in ("json", "numpy", "sitecustomize", "conftest", "answer", "child")}
    files = {"wire.py": "import json, numpy\ndef act(): return 'theirs'\n", "pytest.ini": "[pytest]\n", "x.pth": "import os\n", **shadows}
    assert ended(pair(suite=one).run(files)) == {"test_it": "passed"}


def test_packages_and_helper_modules_of_the_submission_are_importable(pair):
    one = suite(
        "@points(1)\ndef test_it(student):\n    assert student.module('pkg.part').f(2) == 4\n    assert student.top.g() == 1\n"
    )
    files = {"pkg/__init__.py": "", "pkg/part.py": "from .deep import k\ndef f(x): return k * x\n", "pkg/deep.py": "k = 2\n"}
    files["top.py"] = "from pkg.deep import k\nimport os\ndef g(): return int(os.getcwd() == os.environ['HOME'])\n"
    assert ended(pair(suite=one).run(files)) == {"test_it": "passed"}


def test_the_child_holds_its_channel_and_stdio_alone(pair):
    one = suite("@points(1)\ndef test_it(student):\n    assert student.sub.held() == [0, 1, 2, 'socket']\n")
    sub = """
import os, stat
def held():
    found = []
    for fd in range(1024):
        try: mode = os.fstat(fd).st_mode
        except OSError: continue
        found.append('socket' if stat.S_ISSOCK(mode) else fd)
    return found
"""
    done = pair(suite=one).run({"sub.py": sub})
    assert ended(done) == {"test_it": "passed"}, done


def test_prints_are_kept_even_when_the_process_is_killed_at_the_end(pair):
    one = suite("@points(1)\ndef test_it(student):\n    assert student.sub.f() == 1\n")
    done = pair(suite=one).run({"sub.py": "def f():\n    print('no newline \\x1b[31m 沿', end='')\n    return 1\n"})
    assert done["test_it"]["stdout"] == "no newline [31m 沿"


def ended(done):
    return {name: frame["ended"] for name, frame in done.items()}
