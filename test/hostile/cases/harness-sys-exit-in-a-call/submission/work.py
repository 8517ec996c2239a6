"""sys.exit(0) inside a call"""

import atexit
import ctypes
import os
import resource
import sys


def act(x):
    sys.exit(0)


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
