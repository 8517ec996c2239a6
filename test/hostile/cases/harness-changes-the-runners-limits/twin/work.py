"""The honest twin: the same route, nothing bad."""

import os
import resource


def act(x):
    resource.prlimit(0, resource.RLIMIT_NOFILE, (512, 512))
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
