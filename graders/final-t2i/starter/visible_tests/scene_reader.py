"""Reads a picture back: which colour, shape, size and position does it show?

Deterministic and by comparison with the published renderer: the background is the median pixel,
what differs from it is a soft mask, and the mask is compared (cosine) with every shape at every
size, position and a grid of offsets. A picture that resembles none of them shows nothing, so noise,
smears and several shapes at once are read as None rather than as the least bad guess.
"""


from functools import cache
import numpy as np
from world import CELLS, COLOURS, JITTER, POSITIONS, RADII, SHAPES, SIZES, Scene, coverage
OFFSETS = np.linspace(-1.2, 1.2, 5) * JITTER


LEAST_CONTRAST = 30.0        # grey levels between shape and background


LEAST_LIKENESS = 0.88        # cosine; real pictures reach 0.97 and more


MOST_COLOUR_ERROR = 70.0     # grey levels, after the best shade


MOST_TINT = 40.0             # of the background, between its channels


SHADES = np.linspace(0.7, 1.05, 8)


@cache
def templates(side):
    """(float32 [T, side * side] of unit length, list of T (shape, size, position))."""
    rows, names = [], []
    for shape in SHAPES:
        for size in SIZES:
            low, high = RADII[size]
            for place, position in enumerate(POSITIONS):
                row, column = divmod(place, 3)
                r, dx, dy = (grid.ravel() for grid in np.meshgrid(np.linspace(low, high, 3), OFFSETS, OFFSETS))
                rows.append(coverage(shape, CELLS[column] + dx, CELLS[row] + dy, r, side).reshape(len(r), -1))
                names += [(shape, size, position)] * len(r)
    table = np.concatenate(rows).astype(np.float32)
    return table / np.linalg.norm(table, axis=1, keepdims=True), names


def soft_masks(images):
    """Background [N, 3], contrast [N] and mask float [N, S, S] in 0..1 of uint8 pictures."""
    pixels = images.astype(np.float32)
    background = np.median(pixels.reshape(len(pixels), -1, 3), axis=1)
    away = np.linalg.norm(pixels - background[:, None, None, :], axis=-1)
    contrast = np.sort(away.reshape(len(away), -1), axis=1)[:, -6]
    return background, contrast, np.clip(away / np.maximum(contrast, 1.0)[:, None, None], 0.0, 1.0)


def colour_of(rgb):
    """Name of the colour nearest to rgb at some shade, or None when none is near."""
    errors = {name: np.linalg.norm(SHADES[:, None] * np.array(value) - rgb, axis=1).min()
              for name, value in COLOURS.items()}
    best = min(errors, key=errors.get)
    return best if errors[best] <= MOST_COLOUR_ERROR else None


def read_images(images):
    """For each picture of uint8 [N, S, S, 3]: a Scene (its colour may be None), or None where nothing is shown."""
    table, names = templates(images.shape[1])
    background, contrast, masks = soft_masks(images)
    flat = masks.reshape(len(masks), -1)
    likeness = flat @ table.T / np.maximum(np.linalg.norm(flat, axis=1), 1e-6)[:, None]
    scenes = []
    for i, best in enumerate(likeness.argmax(1)):
        plain = background[i].max() - background[i].min() <= MOST_TINT
        if not plain or contrast[i] < LEAST_CONTRAST or likeness[i, best] < LEAST_LIKENESS:
            scenes.append(None)
            continue
        shape, size, position = names[best]
        inside = images[i][masks[i] >= 0.8].astype(float)
        scenes.append(Scene(colour_of(np.median(inside, axis=0)), shape, size, position))
    return scenes


