"""Answers with: None"""

import numpy as np


class Yes:
    def __eq__(self, other):
        return True


def act(x):
    return None


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
