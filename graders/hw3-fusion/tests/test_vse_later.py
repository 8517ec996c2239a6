"""VSE and VSE++ on random embeddings (opens after the due date)."""
import numpy as np
from answers import agree, normal
from assay import both, points


@points(2, title={"en": "VSE: the sum over all wrong pairs", "zh": "VSE：所有错误配对之和"}, visibility="after_due_date")
def test_vse_sum(student, reference, rng):
    compare(student, reference, rng, hard=False)


@points(2, title={"en": "VSE++: the hardest wrong pairs", "zh": "VSE++：最难的错误配对"}, visibility="after_due_date")
def test_vse_hard(student, reference, rng):
    compare(student, reference, rng, hard=True)


def compare(student, reference, rng, hard):
    """The first pair lies far from all others: its hinges are closed with the small margin, open with the large."""
    img, txt = np.zeros((8, 7)), np.zeros((8, 7))
    img[0, :2] = txt[0, :2] = rng.uniform(1, 3, 2)
    img[1:, 2:], txt[1:, 2:] = normal(rng, (7, 5), (7, 5))
    for margin in (0.3, 2.5):
        want = reference.coordination.vse_loss(img, txt, margin, hard)
        got = student.coordination.vse_loss(img, txt, margin, hard)
        agree(got, want, both(f"the loss with margin {margin}", f"margin 为 {margin} 时的损失"))
