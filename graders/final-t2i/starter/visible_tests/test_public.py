"""The visible tests: the contract, a public split with galleries, and the limits."""


import time
import numpy as np
import measuring
import weights
from asking import caption, choose, generate, load
from assay import attach_image, both, flag, leaderboard, points
from awarding import award, constants
from caption_metrics import attribute_f1
from scale import CHECKPOINT_LIMIT_BYTES, SCALE
from world import ALL_SCENES, SEEN_SCENES, VOCABULARY, captions_of, draw
PUBLIC_SEED = 31                 # the public split is the same for everyone: its values are compared


LEVELS = 3                       # grey levels of 255 that rounding may change between batch sizes


PROMPTS = ("a small red circle at the top left", "there is a large blue cross at the center",
           "the bottom right shows a small green square", "a large yellow triangle at the left",
           "there is a small purple diamond at the top", "the bottom shows a large cyan circle")


def public_rng():
    return np.random.Generator(np.random.PCG64(PUBLIC_SEED))


def apart(a, b):
    """Largest difference between two pictures, in grey levels."""
    return int(np.abs(a.astype(int) - b.astype(int)).max())


@points(2, title={"en": "generate returns uint8 pictures", "zh": "generate 返回 uint8 图像"})
def test_generate_contract(student):
    model = load(student)
    for count in (1, 5):
        images = generate(model, PROMPTS[:count], seed=3)
        assert all(picture.std() > 0 for picture in images), both(
            "a picture is the same everywhere: nothing is drawn on it", "有图像处处相同：上面什么都没有画")


@points(2, title={"en": "caption returns plain sentences", "zh": "caption 返回普通句子"})
def test_caption_contract(student):
    model = load(student)
    pictures = draw(public_rng(), SEEN_SCENES[::60], SCALE.side)
    for line in caption(model, pictures[:1]) + caption(model, pictures):
        strange = [word for word in line.split() if word not in VOCABULARY]
        assert line.strip() and not strange, both(
            f"a caption has only words of the sheet's vocabulary; in {line!r} not known: {', '.join(strange) or 'it is empty'}",
            f"描述只能使用题面词表中的词；{line!r} 中未知的有：{', '.join(strange) or '（空句）'}")


@points(3, title={"en": "The seed, and only the seed, decides", "zh": "种子决定结果，且只由种子决定"})
def test_determinism(student):
    model = load(student)
    first = generate(model, PROMPTS, seed=11)
    other = generate(model, PROMPTS, seed=12)
    again = generate(model, PROMPTS, seed=11)
    assert apart(first, again) <= LEVELS, both(
        f"generate with the same seed differs by up to {apart(first, again)} grey levels after a call with another seed",
        f"在用其他种子调用之后，相同种子的结果相差达 {apart(first, again)} 个灰度级")
    fresh = generate(load(student), PROMPTS, seed=11)
    assert apart(first, fresh) <= LEVELS, both(
        f"a second load gives other pictures for the same seed (up to {apart(first, fresh)} grey levels)",
        f"重新 load 后相同种子的结果不同（相差达 {apart(first, fresh)} 个灰度级）")
    same = [prompt for prompt, a, b in zip(PROMPTS, first, other) if apart(a, b) <= LEVELS]
    assert not same, both(f"seeds 11 and 12 give the same picture for {same[0]!r}", f"种子 11 与 12 对 {same[0]!r} 给出同一张图")


@points(3, title={"en": "A sample does not depend on its batch", "zh": "样本不受同批其他样本影响"})
def test_batch_invariance(student):
    model = load(student)
    whole = generate(model, PROMPTS, seed=5)
    for label, batch in (("a shorter batch", PROMPTS[:2]), ("other neighbours", PROMPTS[:2] + PROMPTS[:1:-1])):
        part = generate(model, batch, seed=5)[:2]
        assert apart(whole[:2], part) <= LEVELS, both(
            f"pictures 0 and 1 change by up to {apart(whole[:2], part)} grey levels with {label}",
            f"同批样本改变后，第 0、1 张图相差达 {apart(whole[:2], part)} 个灰度级")
    pictures = draw(public_rng(), choose(public_rng(), ALL_SCENES, 40), SCALE.side)
    together = caption(model, pictures)
    alone = [caption(model, pictures[k:k + 1])[0] for k in range(12)]
    changed = [k for k in range(12) if alone[k] != together[k]]
    assert not changed, both(
        f"picture {changed[:1]} alone is {alone[changed[0]] if changed else ''!r}, among others {together[changed[0]] if changed else ''!r}",
        f"第 {changed[:1]} 张图单独与同批时描述不同：{alone[changed[0]] if changed else ''!r}，{together[changed[0]] if changed else ''!r}")


@points(5, title={"en": "Public split (leaderboard)", "zh": "公开集（排行榜）"})
def test_public_split(student):
    values, (images, prompts, real, captions) = measuring.public_split(load(student), public_rng())
    leaderboard(SCALE.leaderboard, 100 * sorted(values)[1])
    show("generated", images[:8], prompts)
    show("captioned", real[8:16], captions[8:])
    award("public_split", values)


def show(name, pictures, texts):
    """A gallery: each picture enlarged, with its text."""
    for k, (picture, text) in enumerate(zip(pictures, texts), 1):
        big = np.kron(picture, np.ones((128 // SCALE.side, 128 // SCALE.side, 1), np.uint8))
        attach_image(f"{name}-{k}", big, both(text, text))


@points(3, title={"en": "Time", "zh": "时间"})
def test_time(student):
    model = load(student)
    pictures = draw(public_rng(), SEEN_SCENES[:16], SCALE.side)
    for what, budget, ask in (("generate", SCALE.generate_budget_s, lambda k: generate(model, PROMPTS, seed=k)),
                              ("caption", SCALE.caption_budget_s, lambda k: caption(model, pictures))):
        began = time.monotonic()
        for k in range(10):
            ask(k)
        took = time.monotonic() - began
        assert took <= budget, both(f"10 calls of {what} took {took:.1f} s; {budget:.0f} s are allowed",
                                    f"10 次 {what} 用了 {took:.1f} 秒；上限为 {budget:.0f} 秒")


@points(2, title={"en": "Checkpoint", "zh": "权重文件"})
def test_checkpoint(student, rng):
    """The file's form. What follows is for the staff: do the weights matter at all?"""
    name = weights.find(student)
    size, problem = weights.inspect(student, name)
    assert not problem, both(f"{name}: {problem}", f"{name}：权重文件不符合要求（{problem}）")
    assert size <= CHECKPOINT_LIMIT_BYTES, both(
        f"{name} has {size / 1e6:.0f} MB; {CHECKPOINT_LIMIT_BYTES / 1e6:.0f} MB are allowed",
        f"{name} 有 {size / 1e6:.0f} MB；上限为 {CHECKPOINT_LIMIT_BYTES / 1e6:.0f} MB")
    load(student)
    for way in ("permuted", "missing"):
        folder = weights.copy(student, name, rng if way == "permuted" else None)
        still = unmoved(student, folder)
        student.module("shutil").rmtree(folder, True)       # at a student's desk it would stay for ever
        if still:
            flag(both(f"weights do not matter: with {way} tensors, {still} works as before",
                      f"权重不起作用：张量{'被打乱' if way == 'permuted' else '缺失'}时，{still} 仍照常工作"))


def unmoved(student, folder):
    """Which of generate and caption do their work with the checkpoint in `folder`, as text; or nothing.

    An exception of any kind is what an honest model answers to a missing or senseless checkpoint.
    """
    scenes = choose(public_rng(), SEEN_SCENES, 24)
    prompts, pictures = [captions_of(scene)[0] for scene in scenes], draw(public_rng(), scenes, SCALE.side)
    halfway = (1 + constants()["prompt_attributes"]["base"]) / 2
    try:
        model = student.model.load(folder, SCALE.device)
    except Exception:
        return ""
    working = []
    for name, ask in (("generate", lambda: measuring.right(generate(model, prompts, 1), scenes).mean()),
                      ("caption", lambda: attribute_f1(caption(model, pictures), scenes))):
        try:
            if ask() > halfway:
                working.append(name)
        except Exception:
            continue
    return " and ".join(working)


