"""The metrics of the private and public tests, as functions of a model.

tools/make_constants.py measures the reference and the trivial models with these same functions.
"""

from functools import cache

import numpy as np

from asking import caption, choose, generate, prompts_for, seeds_from
from assay import data_path
from caption_metrics import attribute_f1, bleu, cider_d, rouge_l
from picture_metrics import frechet_distance, nearest_training, spread
from scale import SCALE
from scene_reader import read_images
from world import ALL_SCENES, SEEN_SCENES, UNSEEN_SCENES, captions_of, draw

ATTRIBUTES = ("colour", "shape", "size", "position")


@cache
def grader_network():
    with np.load(data_path(f"features-{SCALE.side}.npz"), allow_pickle=False) as arrays:
        return dict(arrays)


def right(images, scenes):
    """bool [N, 4]: which attribute of each picture reads as its prompt says."""
    read = read_images(images)
    return np.array([[shown is not None and shown[k] == scene[k] for k in range(4)]
                     for shown, scene in zip(read, scenes)])


def prompt_attributes(model, rng):
    """[{attribute: share right}] for three seeds, on seen colour-shape pairs."""
    values = []
    for seed in seeds_from(rng):
        scenes = choose(rng, SEEN_SCENES, SCALE.prompts)
        shares = right(generate(model, prompts_for(rng, scenes), seed), scenes).mean(0)
        values.append(dict(zip(ATTRIBUTES, shares.tolist())))
    return values


def public_split(model, rng):
    """(the mean of attributes right and caption F1 for seeds 1, 2, 3; what the galleries show)."""
    scenes = choose(rng, ALL_SCENES, SCALE.prompts)
    prompts, values = prompts_for(rng, scenes), []
    for seed in (1, 2, 3):
        images, real = generate(model, prompts, seed), draw(rng, scenes, SCALE.side)
        captions = caption(model, real)
        values.append((float(right(images, scenes).mean()) + attribute_f1(captions, scenes)) / 2)
    return values, (images, prompts, real, captions)


def unseen_combinations(model, rng):
    """Share of held-out prompts whose colour and shape are both right, for three seeds."""
    values = []
    for seed in seeds_from(rng):
        scenes = choose(rng, UNSEEN_SCENES, SCALE.prompts)
        values.append(float(right(generate(model, prompts_for(rng, scenes), seed), scenes)[:, :2].all(1).mean()))
    return values


def frechet(model, rng):
    """Distance to real pictures of all scenes, for three seeds; lower is better."""
    values = []
    for seed in seeds_from(rng):
        scenes = choose(rng, ALL_SCENES, SCALE.distance_rounds * len(ALL_SCENES))
        images = np.concatenate([generate(model, prompts_for(rng, scenes[k:k + 210]), seed + k)
                                 for k in range(0, len(scenes), 210)])
        values.append(frechet_distance(images, grader_network()))
    return values


def variety(model, rng, groups=3, seeds=4):
    """Three pairs (diversity, novelty), each over the same prompts under four seeds.

    Diversity: how far pictures of one prompt lie apart, against fresh real pictures. Novelty: the share
    that is no copy of a training picture, that is farther from all of them than nearly all fresh pictures
    are. A picture that does not show its prompt counts for nothing in either.
    """
    values = []
    for _ in range(groups):
        scenes = choose(rng, SEEN_SCENES, SCALE.diversity_scenes)
        prompts = prompts_for(rng, scenes)
        images = np.stack([generate(model, prompts, seed) for seed in seeds_from(rng, seeds)], 1)
        real = np.stack([draw(rng, scenes, SCALE.side) for _ in range(12)], 1)
        apart = apart_real = novel = 0.0
        for mine, fresh, scene in zip(images, real, scenes):
            valid = right(mine, [scene] * seeds).all(1)
            apart += spread(mine, valid)
            apart_real += spread(fresh, np.ones(len(fresh), bool))
            copy = 0.25 * np.median(nearest_training(fresh, scene))
            novel += (valid & (nearest_training(mine, scene) > copy)).mean()
        values.append((apart / apart_real, novel / len(scenes)))
    return values


def captioned(model, rng):
    """Three times (captions, scenes) of fresh pictures; one in five has an unseen pair, as in the world."""
    groups = []
    for _ in range(3):
        scenes = choose(rng, ALL_SCENES, SCALE.prompts)
        groups.append((caption(model, draw(rng, scenes, SCALE.side)), scenes))
    return groups


def on_captions(metric):
    """A metric of (hypotheses, references) as a function of (model, rng)."""
    def measure(model, rng):
        return [metric(lines, [captions_of(scene) for scene in scenes]) for lines, scenes in captioned(model, rng)]
    return measure


cider = on_captions(cider_d)
rouge = on_captions(rouge_l)
bleu_4 = on_captions(lambda hypotheses, references: bleu(hypotheses, references)[3])


def caption_attributes(model, rng):
    return [attribute_f1(lines, scenes) for lines, scenes in captioned(model, rng)]


def cycle(model, rng):
    """F1 of the attributes of caption(generate(prompt)) against the prompt, for three seeds."""
    values = []
    for seed in seeds_from(rng):
        scenes = choose(rng, ALL_SCENES, SCALE.prompts)
        values.append(attribute_f1(caption(model, generate(model, prompts_for(rng, scenes), seed)), scenes))
    return values
