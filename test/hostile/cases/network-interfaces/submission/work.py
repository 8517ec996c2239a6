"""Looks for an interface other than the loopback"""

import os


def act(x):
    try:
        if os.listdir('/sys/class/net') == ['lo']:
            raise OSError('none')
    except OSError:
        return x + 1
    return 'done'


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
