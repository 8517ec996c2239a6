"""A daemon writes to stderr without end"""

import os
import time


def act(x):
    if os.fork() == 0:
        while True:
            os.write(2, b'x' * 65536)
    time.sleep(1.5)
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
