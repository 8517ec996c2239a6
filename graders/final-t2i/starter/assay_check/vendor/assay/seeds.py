"""The rng of a test: values from a key, never difficulty."""

import hashlib
import hmac

import numpy as np


def rng_for(key, test_name):
    """numpy's Generator for one test of one run: PCG64 keyed by HMAC-SHA-256(key, test name)."""
    digest = hmac.new(key, test_name.encode(), hashlib.sha256).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
