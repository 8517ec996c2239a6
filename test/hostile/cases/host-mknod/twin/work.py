"""The honest twin: the same route, nothing bad."""

import socket


def act(x):
    a, b = socket.socketpair()
    a.sendall(b'x')
    assert b.recv(1) == b'x'
    return x + 1


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
