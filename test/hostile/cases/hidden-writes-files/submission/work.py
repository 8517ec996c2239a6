"""Writes the inputs to every place that it can write to"""

import os


def act(x):
    return x + 1


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    for place in ('/tmp/note', 'work.py', '/dev/shm/note', '/run/assay/note', '/var/tmp/note'):
        try:
            with open(place, 'a') as file:
                file.write(f'# {word}')
        except OSError:
            pass
    return f'{word} {int(x.sum())}'


def start(word):
    print(open('/tmp/note').read() if os.path.exists('/tmp/note') else 'nothing')
    class Sum:
        sum = 0

        def add(self, value):
            self.sum += value
            return self.sum

    return Sum()
