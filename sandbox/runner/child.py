"""The process that holds the student's code for one test."""

import os
import resource
import socket
import sys
import types

import answer
import armour
import untar
import wire

FOLDER = "/tmp/submission"
OUR_FOLDERS = {os.path.dirname(os.path.abspath(module.__file__)) for module in (answer, wire)}
# What a child holds, beside stdio. In process 1 these numbers are taken too, so that nothing has to be moved.
CONTROL_FD, SUBMISSION_FD, COMPILED_FD = 3, 4, 5
NULL_FD = CONTROL_FD
HIGHEST_FD = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
OURS = ("answer", "armour", "child", "link", "loop", "output", "pages", "precompile", "untar", "warm", "wipe", "wire")


def reserve():
    """In process 1, before it opens anything: the numbers of what its children hold."""
    null = os.open(os.devnull, os.O_RDONLY)
    for fd in {NULL_FD, SUBMISSION_FD, COMPILED_FD} - {null}:
        os.dup2(null, fd, inheritable=False)


def prepare(submission, compiled):
    """In process 1, once, before the first child: what is the same for all of them.

    The folder is not put on the path here: process 1 must never find a module of the student's.
    """
    os.dup2(submission, SUBMISSION_FD, inheritable=False)
    os.dup2(compiled, COMPILED_FD, inheritable=False)
    os.environ.update(HOME=FOLDER, PWD=FOLDER, TMPDIR="/tmp", LANG="C.UTF-8")
    sys.argv = [""]
    sys.dont_write_bytecode = True
    # A student's wire.py is theirs: our modules go on living in our functions alone.
    for name in OURS:
        sys.modules.pop(name, None)
    sys.modules["__main__"] = types.ModuleType("__main__")
    _make_streams()


def _make_streams():
    """stdout and stderr, made while a pipe stands there: they remember what kind of file they began with."""
    ends = os.pipe()
    for fd, name in ((1, "stdout"), (2, "stderr")):
        real = os.dup(fd)
        os.dup2(ends[1], fd)
        stream = open(fd, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)
        os.dup2(real, fd)
        os.close(real)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    for fd in ends:
        os.close(fd)


def run(control, output, limits):
    """In the fresh child: lays the files out, waits for its channel, answers. Never returns."""
    try:
        _hold_only(control.detach(), output)
        armour.set_dumpable(True)  # an ordinary process from here on: it holds nothing but the student's own
        problem = _lay_out()
        channel = _await_channel()
        _become_the_students()
        _serve(channel, problem, _caps(limits))
    except wire.Closed:
        os._exit(0)
    except BaseException as error:
        os.write(2, f"the sandbox could not go on: {type(error).__name__}: {error}\n".encode())
        os._exit(1)


def _hold_only(control, output):
    """Stdio, the control socket and the sealed files; every other descriptor is closed."""
    os.dup2(NULL_FD, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(control, CONTROL_FD, inheritable=False)
    os.closerange(COMPILED_FD + 1, HIGHEST_FD)
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _lay_out():
    """Unpacks the submission and what was compiled of it; answers the OSError that stopped it, or None."""
    try:
        untar.lay_out(SUBMISSION_FD, FOLDER)
        untar.lay_out(COMPILED_FD, FOLDER)
    except OSError as error:
        return error
    finally:
        os.closerange(SUBMISSION_FD, COMPILED_FD + 1)
    return None


def _await_channel():
    control = socket.socket(fileno=CONTROL_FD)
    _, fds, _, _ = socket.recv_fds(control, 1, 1)
    control.close()
    if not fds:
        raise wire.Closed
    os.set_inheritable(fds[0], False)
    return wire.Stream(socket.socket(fileno=fds[0]))


def _become_the_students():
    """From here on the process looks as if it had been started in the submission's folder."""
    os.makedirs(FOLDER, exist_ok=True)
    os.chdir(FOLDER)
    os.umask(0o022)
    sys.path[:] = [FOLDER, *(p for p in sys.path if p not in OUR_FOLDERS)]


def _caps(limits):
    return wire.DEFAULT.narrowed(int(limits.get("answer_bytes", wire.DEFAULT.bytes)))


def _serve(channel, problem, caps):
    answerer = answer.Answerer(FOLDER, caps)
    while True:
        header, buffers = channel.read()
        if problem is None:
            reply = answerer.answer(header, buffers)
        else:
            text = f"your files could not be laid out in the sandbox: {problem}"
            raised = {"type": type(problem).__name__, "mro": ["OSError"], "text": text, "traceback": ""}
            reply = {"id": header["id"], "raised": raised}, []
        _flush()
        if not _fits(reply[0], caps):
            reply = {"id": header["id"], "unencodable": f"more than {caps.header_bytes} bytes of text"}, []
        channel.write(*reply)


def _fits(header, caps):
    return len(wire.pack_frame(header)[0]) <= caps.header_bytes


def _flush():
    """What was printed must be in the pipe before the answer is: the end may be a kill."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass  # the student's own replacement of it
