"""Asking the student's model, with answers checked before anything is computed from them."""


import numpy as np
from assay import Handle, both
from scale import SCALE
from world import captions_of
def load(student, folder="."):
    """The student's model, as a handle."""
    model = student.model.load(folder, SCALE.device)
    assert isinstance(model, Handle), both(
        f"load(dir, device) must return an object with generate and caption; it returned {describe(model)}",
        f"load(dir, device) 应返回带有 generate 与 caption 方法的对象，实际返回 {describe(model)}")
    return model


def generate(model, prompts, seed):
    """uint8 [B, S, S, 3] from model.generate, or a failed test that says what came instead."""
    images = model.generate(list(prompts), int(seed))
    shape = (len(prompts), SCALE.side, SCALE.side, 3)
    if hasattr(type(images), "detach"):          # a torch tensor is accepted as an answer
        images = images.detach().cpu().numpy()
    good = isinstance(images, np.ndarray) and images.shape == shape and images.dtype == np.uint8
    assert good, both(
        f"generate({len(prompts)} prompts, seed) must return a uint8 array of shape {shape}; it returned {describe(images)}",
        f"generate({len(prompts)} 条提示, seed) 应返回形状为 {shape} 的 uint8 数组，实际返回 {describe(images)}")
    return images


def caption(model, images):
    """A list of str from model.caption, or a failed test that says what came instead."""
    captions = model.caption(images)
    good = isinstance(captions, (list, tuple)) and all(isinstance(line, str) for line in captions)
    assert good and len(captions) == len(images), both(
        f"caption({len(images)} pictures) must return a list of {len(images)} str; it returned {describe(captions)}",
        f"caption({len(images)} 张图片) 应返回 {len(images)} 个字符串的列表，实际返回 {describe(captions)}")
    return list(captions)


def describe(value):
    """A type and a shape, for a message."""
    if isinstance(value, Handle):
        return Handle.type_of(value)
    if isinstance(value, (list, tuple)):
        kinds = sorted({type(item).__name__ for item in value})
        return f"{type(value).__name__} of {len(value)} ({', '.join(kinds) or 'empty'})"
    shape = getattr(value, "shape", None)
    return type(value).__name__ if shape is None else f"{value.dtype} array of shape {tuple(shape)}"


def choose(rng, scenes, n):
    """n scenes in random order, each as often as any other, give or take one."""
    rounds = [rng.permutation(len(scenes)) for _ in range(-(-n // len(scenes)))]
    return [scenes[i] for i in np.concatenate(rounds)[:n]]


def prompts_for(rng, scenes):
    """One of the three captions of each scene."""
    return [captions_of(scene)[k] for scene, k in zip(scenes, rng.integers(3, size=len(scenes)))]


