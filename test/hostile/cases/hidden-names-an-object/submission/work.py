"""Names the type of an object by the inputs"""


def act(x):
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    return f"{word} {int(x.sum())}"


class Sum:
    def __init__(self, word):
        self.word = word

    def add(self, value):
        return type(f'{self.word} {value}', (), {})()


def start(word):
    return Sum(word)
