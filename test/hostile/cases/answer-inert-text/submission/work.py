"""ANSI, OSC-8, HTML, bidi and surrogates in output, exceptions and answers"""


def act(x):
    print('\x1b[2J\x1b]8;;https://example.org\x07click\x1b]8;;\x07 <script>alert(1)</script> \u202egnp.exe')
    raise ValueError('\x1b[31m<img src=x onerror=alert(1)> \x9b2J \u2066')


def double(x):
    return 2 * x


def leftovers():
    return []


def total(word, x):
    return word + ' \ud800 \x1b[2J'


class Running:
    def __init__(self):
        self.sum = 0

    def add(self, value):
        self.sum += value
        return self.sum


def start(word):
    return Running()
