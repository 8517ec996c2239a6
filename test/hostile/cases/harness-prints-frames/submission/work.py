"""Prints PASSED and frames of the harness, and a wrong answer"""

import json
import os
import struct


def act(x):
    text = json.dumps({"op": "test_finished", "name": "test_act", "ended": "passed", "score": 1.0}).encode()
    for fd in (1, 2):
        os.write(fd, b"ASSAY/1\n" + struct.pack(">I", len(text)) + text)
    print("PASSED 5/5")
    return x


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
