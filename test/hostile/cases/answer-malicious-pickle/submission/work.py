"""Returns objects whose unpickling would run code"""

import os
import pickle


class Bomb:
    def __reduce__(self):
        return os.system, ('touch /tmp/owned',)


def act(x):
    return pickle.dumps(Bomb())


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    return f"{word} {int(x.sum())}"


class Sum:
    def add(self, value):
        return Bomb()


def start(word):
    return Sum()
