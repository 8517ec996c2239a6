"""kill(-1, 9)"""

import os


def act(x):
    try:
        os.kill(-1, 9)
    except OSError:
        pass
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
