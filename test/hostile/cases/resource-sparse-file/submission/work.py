"""A sparse file of a terabyte is left behind"""

import os


def act(x):
    with open('/tmp/sparse', 'wb') as file:
        file.truncate(1 << 40)
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return [f for f in os.listdir('/tmp') if f != 'submission']


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
