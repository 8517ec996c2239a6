"""An answer that the harness's own memory cannot hold"""

import numpy as np


def act(x):
    return np.zeros(13 << 20)


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
