"""A runner in the student's hands: speaks the start of the protocol, then lies as RUNNER_MODE says."""

import json
import os
import socket
import struct
import sys
import time

MAGIC = b"ASSAY/1\n"
MODE = os.environ["RUNNER_MODE"]


def frame(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + data


def read(end):
    size = struct.unpack(">I", exactly(end, 4))[0]
    header = json.loads(exactly(end, size))
    data = b"".join(exactly(end, n) for n in header.get("buffers", []))
    return header, data


def exactly(end, size):
    data = b""
    while len(data) < size:
        piece = end.recv(size - len(data)) if isinstance(end, socket.socket) else os.read(end, size - len(data))
        if not piece:
            sys.exit(0)
        data += piece
    return data


def lie(channel):
    """One answer on the test's channel."""
    question, _ = read(channel)
    right = {"id": question["id"]}
    array = {"t": "ndarray", "dtype": "float64", "shape": [3], "b": 0}
    answers = {
        "trickle": None,
        "silence": None,
        "closed": None,
        "garbage": b"\xff" * 100_000,
        "wrong id": frame({"id": "0" * 16, "value": 1}),
        "no id": frame({"value": 1}),
        "id of another type": frame({"id": {"t": 1}, "value": 1}),
        "no value": frame(right),
        "a list": frame([1, 2]),
        "a header of a gigabyte": struct.pack(">I", 1 << 30) + b"x" * 1000,
        "a buffer of a gigabyte": frame({**right, "value": array, "buffers": [1 << 30]}),
        "a thousand buffers": frame({**right, "value": 1, "buffers": [8 << 20] * 1000}),
        "shape larger than the buffer": frame({**right, "value": {**array, "shape": [4]}, "buffers": [24]}, bytes(24)),
        "negative shape": frame({**right, "value": {**array, "shape": [-3]}, "buffers": [24]}, bytes(24)),
        "object dtype": frame({**right, "value": {**array, "dtype": "O"}, "buffers": [24]}, bytes(24)),
        "a length that is cut off": frame({**right, "value": array, "buffers": [24]}, bytes(23)),
        "deep nesting": frame({**right})[:-1] + b"[" * 1000,
        "raised as a number": frame({**right, "raised": 7}),
        "raised with wrong fields": frame({**right, "raised": {"type": [], "mro": 3, "text": {}, "traceback": 1}}),
        "missing as a list": frame({**right, "missing": []}),
        "mutated as a bomb": frame({**right, "value": 1, "mutated": [{"a": 1}] * 50}),
        "a surrogate": struct.pack(">I", 44 + len(right["id"]) - 16) + b"",
        "two answers": frame({**right, "value": "honest"}) + frame({**right, "value": "honest"}),
        "a handle never issued": frame({**right, "value": {"t": "handle", "id": 99, "type": "x"}}),
    }
    data = answers[MODE] if MODE in answers else frame({**right, "value": "honest"})
    if MODE == "closed":
        channel.close()
    elif MODE == "trickle":
        for byte in frame({**right, "value": "honest"}):
            channel.send(bytes([byte]))
            time.sleep(1)
    elif data:
        try:
            channel.sendall(data)
        except OSError:
            pass


def ended(link):
    """The answer to `end`."""
    good = {"op": "ended", "stdout": "", "output_limit": False, "cpu_ms": 1, "peak_bytes": 1, "exit": None}
    answers = {
        "ended: garbage": b"\xff" * 1000,
        "ended: another op": frame({"op": "started"}),
        "ended: wrong types": frame({**good, "stdout": 7, "cpu_ms": "x", "peak_bytes": -1, "exit": [1], "output_limit": 1}),
        "ended: a flood": frame({**good, "stdout": "x" * (2 << 20)}),
        "ended: infinite cpu": frame({**good, "cpu_ms": 1}).replace(b'"cpu_ms": 1', b'"cpu_ms":9e999'),
        "ended: closed": None,
    }
    data = answers.get(MODE, frame(good))
    if data is None:
        sys.exit(0)
    if MODE == "ended: infinite cpu":
        data = struct.pack(">I", len(data) - 4) + data[4:]
    link.sendall(data)


def main():
    link = socket.socket(socket.AF_UNIX)
    link.connect(sys.argv[sys.argv.index("--socket") + 1])
    link.sendall(MAGIC)
    exactly(link, len(MAGIC))
    os.write(1, MAGIC + frame({"op": "ready"}))
    exactly(0, len(MAGIC))
    read(0)
    os.write(1, frame({"op": "loaded"}))
    while True:
        size, fds, _, _ = socket.recv_fds(link, 4, 1)
        if not size:
            return
        header = json.loads(exactly(link, struct.unpack(">I", size)[0]))
        if header["op"] == "begin":
            channel = socket.socket(fileno=fds[0])
            if os.fork() == 0:
                try:
                    while True:
                        lie(channel)
                finally:
                    os._exit(0)
            channel.close()
        else:
            ended(link)


main()
