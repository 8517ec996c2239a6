"""The runner's two links: the connection to the harness, and the one submission on stdin."""

import fcntl
import os
import socket
import time

import wire

CONNECT_PAUSE_S = 0.02
SUBMISSION_LIMIT_BYTES = 4 << 30
START_LIMIT_S = 60


def connect(path):
    """The one connection to the harness, as a Stream; waits until the harness listens."""
    while True:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.connect(path)
            break
        except (FileNotFoundError, ConnectionRefusedError):
            link.close()
            time.sleep(CONNECT_PAUSE_S)
    stream = wire.Stream(link)
    stream.write_magic(time.monotonic() + START_LIMIT_S)
    stream.drop_to_magic(time.monotonic() + START_LIMIT_S)
    return stream


def receive_submission(stdio):
    """Says ready, takes the one frame on stdin: (sealed memfd with the tar, the test limits)."""
    stdio.write_magic(time.monotonic() + START_LIMIT_S)
    stdio.write({"op": "ready"}, deadline=time.monotonic() + START_LIMIT_S)
    # An engine that dies between the start and our worker's first byte never closes stdin: then nobody comes.
    stdio.drop_to_magic(time.monotonic() + START_LIMIT_S)
    header = stdio.read_header(limits=wire.Limits(bytes=SUBMISSION_LIMIT_BYTES))
    if header.get("op") != "submission" or len(header.get("buffers", [])) != 1:
        raise wire.WireError("a submission is expected first")
    submission = _seal(stdio.pieces(header["buffers"][0]))
    stdio.write({"op": "loaded"}, deadline=time.monotonic() + START_LIMIT_S)
    return submission, header.get("limits", {})


def _seal(pieces):
    """The bytes in a memory file that nobody can change any more."""
    fd = os.memfd_create("submission", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    for piece in pieces:
        view = memoryview(piece)
        while view:
            view = view[os.write(fd, view) :]
    seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
    return fd
