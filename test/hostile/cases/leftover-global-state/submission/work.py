"""Remembers an earlier test in its own memory"""

import os
import time

state = []


def act(x):
    state.append('seen an earlier test')
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    found = [p for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())]
    found += [f"/tmp/{f}" for f in os.listdir("/tmp") if f != "submission"]
    found += sorted(set(os.listdir("/tmp/submission")) - {"work.py", "__pycache__"})
    for place in ("/dev/shm", "/dev/mqueue", "/var/tmp", "/run/lock"):
        found += [f"{place}/{f}" for f in os.listdir(place) if f.startswith("planted")]
    found += [f"/dev/{f}" for f in os.listdir("/dev") if f.startswith("planted")]
    return found + state


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
