"""Raises the inputs as an exception's text"""


def act(x):
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    raise ValueError(f'{word} {x}')


class Running:
    def __init__(self):
        self.sum = 0

    def add(self, value):
        self.sum += value
        return self.sum


def start(word):
    return Running()
