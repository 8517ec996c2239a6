"""The process that holds the student's code for one test."""

import os
import resource
import socket
import sys
import tarfile
import types

import answer
import armour
import wire

FOLDER = "/tmp/submission"
CONTROL_FD, SUBMISSION_FD = 3, 4
OURS = ("answer", "armour", "child", "link", "loop", "output", "wipe", "wire")


def run(control, submission, output, limits):
    """In the fresh child: lays the files out, waits for its channel, answers. Never returns."""
    try:
        _hold_only(control, submission, output)
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


def _hold_only(control, submission, output):
    """Stdio, the control socket and the sealed submission; every other descriptor is closed."""
    null = os.open(os.devnull, os.O_RDONLY)
    # Moved up first, so that no target of a dup2 below is still needed.
    control, submission, output, null = (_above(fd) for fd in (control.detach(), submission, output, null))
    for source, target in ((null, 0), (output, 1), (output, 2), (control, CONTROL_FD), (submission, SUBMISSION_FD)):
        os.dup2(source, target, inheritable=target < 3)
    os.closerange(SUBMISSION_FD + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _above(fd):
    import fcntl

    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 64)


def _lay_out():
    """Unpacks the submission; answers the OSError that stopped it, or None."""
    try:
        with os.fdopen(SUBMISSION_FD, "rb") as file:
            file.seek(0)
            os.makedirs(FOLDER)
            with tarfile.open(fileobj=file, mode="r:") as archive:
                for member in archive:
                    if member.isreg():
                        _write(archive.extractfile(member), member.name)
    except (OSError, tarfile.TarError) as error:
        return error
    return None


def _write(source, name):
    parts = name.split("/")
    if name.startswith("/") or ".." in parts:
        raise OSError(f"{name} leads out of the submission")
    target = os.path.join(FOLDER, *parts)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "xb") as file:
        while piece := source.read(1 << 20):
            file.write(piece)


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
    os.environ.update(HOME=FOLDER, PWD=FOLDER, TMPDIR="/tmp", LANG="C.UTF-8")
    os.umask(0o022)
    ours = {os.path.dirname(os.path.abspath(m.__file__)) for m in (answer, wire)}
    sys.path[:] = [FOLDER, *(p for p in sys.path if p not in ours)]
    sys.argv = [""]
    # A student's wire.py is theirs: our modules go on living in our functions alone.
    for name in OURS:
        sys.modules.pop(name, None)
    sys.modules["__main__"] = types.ModuleType("__main__")
    # Made anew: the old ones remember what kind of file process 1 had there.
    for fd, name in ((1, "stdout"), (2, "stderr")):
        stream = open(fd, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


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
