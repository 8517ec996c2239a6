"""The honest twin: the same route, nothing bad."""

import json
import os
import socket
import stat
import struct
import sys
import time


def question():
    """The header of the question being answered, from the frames above."""
    frame = sys._getframe()
    while frame:
        header = frame.f_locals.get("header")
        if type(header) is dict and "id" in header:
            return header
        frame = frame.f_back


def channel():
    for fd in range(3, 200):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd
        except OSError:
            pass


def send(data):
    with socket.socket(fileno=os.dup(channel())) as end:
        end.setblocking(True)
        end.sendall(data)


def frame(header, data=b""):
    text = header if type(header) is bytes else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + data


def right(x, buffer=0, **more):
    """An honest answer, made by hand."""
    value = {"t": "ndarray", "dtype": "float64", "shape": [4], "b": buffer}
    return {"id": question()["id"], "value": value, "mutated": [], **more}


def forever():
    while True:
        time.sleep(1)


def act(x):
    send(frame(right(x, buffers=[32]), (x + 1).tobytes()))
    forever()


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    return f"{word} {int(x.sum())}"


class Running:
    def __init__(self):
        self.sum = 0

    def add(self, value):
        self.sum += value
        return self.sum


def start(word):
    return Running()
