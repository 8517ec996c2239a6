"""Fails or passes by a bit of the inputs"""


def act(x):
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    return f'{word} {int(x.sum())}' if int(word[-1]) % 2 else 'wrong'


class Running:
    def __init__(self):
        self.sum = 0

    def add(self, value):
        self.sum += value
        return self.sum


def start(word):
    return Running()
