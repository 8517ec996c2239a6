"""What is measured of pictures beyond their attributes: Fréchet distance, diversity, novelty."""

from functools import cache

import numpy as np

from world import COPIES, SEEN_SCENES, Looks, render, training_scenes


def convolve(x, weights, bias, stride):
    """3 x 3, padding 1: x [N, S, S, C], weights [3, 3, C, D] -> [N, S/stride, S/stride, D]."""
    x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))[:, ::stride, ::stride]
    n, h, w = windows.shape[:3]
    columns = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * h * w, -1)
    return (columns @ weights.reshape(columns.shape[1], -1) + bias).reshape(n, h, w, -1)


def features(images, network):
    """The frozen grader features of uint8 pictures: float32 [N, 32]. `network`: the arrays of data/features-S.npz."""
    parts = []
    for start in range(0, len(images), 128):
        x = images[start:start + 128].astype(np.float32) / 255
        layer = 0
        while f"w{layer}" in network:
            x = np.maximum(convolve(x, *(network[f"{part}{layer}"] for part in "wbs")), 0)
            layer += 1
        parts.append(x.reshape(len(x), -1) @ network["w_last"] + network["b_last"])
    seen = np.concatenate(parts)
    return seen / network["scale"] if "scale" in network else seen


def frechet_distance(images, network):
    """Fréchet distance of Gaussians on the frozen features, whitened so that real pictures are N(0, I).

    Without whitening the features' few large directions (what is where) hide all others, and pictures on one and
    the same background pass for real ones. The root is taken: it grows in proportion with an error, while of the
    square, as in the Fréchet inception distance (Heusel 2017), a middling model would earn nearly everything.
    This is another network and another scale: no FID.
    """
    values, vectors = np.linalg.eigh(network["covariance"])
    seen = (features(images, network).astype(np.float64) - network["mean"]) @ (vectors / np.sqrt(values))
    spreads = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(seen, rowvar=False)), 0))
    return float(np.sqrt((seen.mean(0) ** 2).sum() + ((spreads - 1) ** 2).sum()))


def distances(a, b):
    """Root mean square differences in grey levels between pictures: [A, ...], [B, ...] -> [A, B]."""
    a, b = (x.reshape(len(x), -1).astype(np.float64) for x in (a, b))
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0) / a.shape[1])


def spread(images, valid):
    """Mean distance between two pictures of one prompt; a picture that is not valid differs by 0 from all."""
    n = len(images)
    apart = distances(images, images) * np.outer(valid, valid)
    return float(apart.sum() / (n * (n - 1)))


@cache
def training_looks():
    return training_scenes()[1]


def nearest_training(images, scene):
    """Distance of each picture to the nearest training picture of its scene, which must be a seen one."""
    first = SEEN_SCENES.index(scene) * COPIES
    looks = Looks(*(values[first:first + COPIES] for values in training_looks()))
    return distances(images, render([scene] * COPIES, looks, images.shape[1])).min(1)
