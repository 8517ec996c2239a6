"""im2col by index arrays: windows as the columns of a matrix, and back."""
import numpy as np


def indices(shape, kh, kw, stride):
    """Row and column of every pixel of every window: two arrays [kh * kw, H' * W'], and (H', W')."""
    _, _, height, width = shape
    rows, columns = 1 + (height - kh) // stride, 1 + (width - kw) // stride
    i = np.repeat(np.arange(kh), kw)[:, None] + stride * np.repeat(np.arange(rows), columns)
    j = np.tile(np.arange(kw), kh)[:, None] + stride * np.tile(np.arange(columns), rows)
    return i, j, (rows, columns)


def unfold(x, kh, kw, stride):
    """[N, C, kh * kw, H' * W'], and (H', W')."""
    i, j, size = indices(x.shape, kh, kw, stride)
    return x[:, :, i, j], size


def fold(columns, shape, kh, kw, stride):
    """Adds the columns up where they came from."""
    i, j, _ = indices(shape, kh, kw, stride)
    x = np.zeros(shape, dtype=columns.dtype)
    np.add.at(x, (slice(None), slice(None), i, j), columns)
    return x
