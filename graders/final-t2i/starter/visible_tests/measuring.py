"""The metrics of the private and public tests, as functions of a model.

tools/make_constants.py measures the reference and the trivial models with these same functions.
"""


import numpy as np
from asking import caption, choose, generate, prompts_for
from caption_metrics import attribute_f1
from scale import SCALE
from scene_reader import read_images
from world import ALL_SCENES, draw
def right(images, scenes):
    """bool [N, 4]: which attribute of each picture reads as its prompt says."""
    read = read_images(images)
    return np.array([[shown is not None and shown[k] == scene[k] for k in range(4)]
                     for shown, scene in zip(read, scenes)])


def public_split(model, rng):
    """(the mean of attributes right and caption F1 for seeds 1, 2, 3; what the galleries show)."""
    scenes = choose(rng, ALL_SCENES, SCALE.prompts)
    prompts, values = prompts_for(rng, scenes), []
    for seed in (1, 2, 3):
        images, real = generate(model, prompts, seed), draw(rng, scenes, SCALE.side)
        captions = caption(model, real)
        values.append((float(right(images, scenes).mean()) + attribute_f1(captions, scenes)) / 2)
    return values, (images, prompts, real, captions)


