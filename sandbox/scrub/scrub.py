"""Overwrites what a job left in a device's memory: takes all that is free, zeroes it, gives it back.

Runs in a container of its own that has the one device, after the job's containers are gone. Prints one line of JSON:
`total` bytes of the device, `zeroed` bytes that were overwritten, `free` bytes when all is given back.
What is not free now is held by something that outlived its job: the desk takes the device out.
"""

import json
import sys

import torch

CHUNKS_BYTES = (256 * 1024**2, 16 * 1024**2, 1024**2)


def fill():
    """Zeroed blocks until nothing is left, in ever smaller ones."""
    held, taken = [], 0
    for size in CHUNKS_BYTES:
        while True:
            try:
                block = torch.empty(size, dtype=torch.uint8, device="cuda")
            except RuntimeError:  # torch.OutOfMemoryError is one
                break
            block.zero_()
            held.append(block)
            taken += size
    torch.cuda.synchronize()
    return held, taken


def main():
    if not torch.cuda.is_available():
        json.dump({"error": "torch sees no device in the scrub's container"}, sys.stdout)
        return
    torch.zeros(1, device="cuda")
    held, taken = fill()
    del held
    torch.cuda.empty_cache()
    free, total = torch.cuda.mem_get_info()
    json.dump({"total": total, "zeroed": taken, "free": free}, sys.stdout)


if __name__ == "__main__":
    main()
