"""Starts 100 processes at once"""

import os
import time


def act(x):
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
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
