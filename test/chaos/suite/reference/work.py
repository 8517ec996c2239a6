import time


def slowly_squared(number):
    time.sleep(0.2)
    return number * number
