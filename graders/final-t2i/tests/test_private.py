"""The private split: prompts and pictures drawn from a secret seed. This is the grade."""

from statistics import mean

import measuring
from asking import load
from assay import both, points, score
from awarding import award, judged, note

LATER = "after_due_date"


@points(20, title={"en": "Pictures show what the prompt says", "zh": "图像符合提示"}, visibility=LATER)
def test_prompt_attributes(student, rng):
    measured = measuring.prompt_attributes(load(student), rng)
    for name in measuring.ATTRIBUTES:
        values = [shares[name] for shares in measured]
        note(f"prompt_{name}", values=values)
    award("prompt_attributes", [mean(shares.values()) for shares in measured])


@points(10, title={"en": "Unseen colour-shape pairs", "zh": "未见过的颜色与形状组合"}, visibility=LATER)
def test_unseen_combinations(student, rng):
    award("unseen_combinations", measuring.unseen_combinations(load(student), rng))


@points(10, title={"en": "Fréchet distance on the grader's features", "zh": "评分特征上的 Fréchet 距离"}, visibility=LATER,
        per_test=90)
def test_frechet_distance(student, rng):
    award("frechet", measuring.frechet(load(student), rng))


@points(5, title={"en": "Different seeds, different pictures, no copies", "zh": "不同种子生成不同图像，且非照搬训练集"},
        visibility=LATER, per_test=90)
def test_diversity(student, rng):
    pairs = measuring.variety(load(student), rng)
    diversity, said = judged("diversity", [pair[0] for pair in pairs])
    novelty, said_too = judged("novelty", [pair[1] for pair in pairs])
    score((diversity + novelty) / 2, said + both("; ", "；") + said_too)


@points(10, title={"en": "Captions: CIDEr-D", "zh": "描述：CIDEr-D"}, visibility=LATER)
def test_cider_d(student, rng):
    award("cider_d", measuring.cider(load(student), rng))


@points(5, title={"en": "Captions: BLEU-4", "zh": "描述：BLEU-4"}, visibility=LATER)
def test_bleu_4(student, rng):
    award("bleu_4", measuring.bleu_4(load(student), rng))


@points(5, title={"en": "Captions: ROUGE-L", "zh": "描述：ROUGE-L"}, visibility=LATER)
def test_rouge_l(student, rng):
    award("rouge_l", measuring.rouge(load(student), rng))


@points(10, title={"en": "Captions name the right attributes (F1)", "zh": "描述中的属性正确（F1）"}, visibility=LATER)
def test_caption_attributes(student, rng):
    award("caption_attributes", measuring.caption_attributes(load(student), rng))


@points(5, title={"en": "A generated picture is captioned as its prompt", "zh": "循环一致性：对生成图像的描述与提示一致"},
        visibility=LATER)
def test_cycle_consistency(student, rng):
    award("cycle", measuring.cycle(load(student), rng))
