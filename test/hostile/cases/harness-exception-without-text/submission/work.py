"""An exception whose text exits"""

import atexit
import ctypes
import os
import resource
import sys


def act(x):
    class Odd(Exception):
        def __str__(self):
            raise SystemExit

    raise Odd


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
