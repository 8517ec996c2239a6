"""The honest twin: the same route, nothing bad."""

import os


def act(x):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
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
