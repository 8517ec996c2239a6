"""Raises from a file named by the inputs"""


def act(x):
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    exec(compile('raise ValueError', f'/tmp/submission/{word}.py', 'exec'))


class Running:
    def __init__(self):
        self.sum = 0

    def add(self, value):
        self.sum += value
        return self.sum


def start(word):
    return Running()
