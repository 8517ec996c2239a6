"""Connects over IPv6"""

import socket


def connect(family, address):
    with socket.socket(family) as end:
        end.settimeout(1)
        end.connect(address)


def act(x):
    try:
        connect(socket.AF_INET6, ('2606:4700:4700::1111', 443))
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
