"""Sleeps as long as the inputs say"""

import time


def act(x):
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    time.sleep(int(word[-2:]) / 100)
    return f'{word} {int(x.sum())}'


class Running:
    def __init__(self):
        self.sum = 0

    def add(self, value):
        self.sum += value
        return self.sum


def start(word):
    return Running()
