"""InfoNCE, the visible part: closed forms, PyTorch's gradients, invariances."""


import math
import numpy as np
from answers import GRADIENT, agree, golden, normal, parts
from assay import both, points
from losses import loss_of, pairing_matters
@points(2, title={"en": "InfoNCE: nothing to tell apart", "zh": "InfoNCE：全部相同"})
def test_info_nce_equal(student):
    same = np.tile([[3.0, 4.0]], (5, 1))
    agree(loss_of(student, same, same, 0.1), math.log(5), "loss", advice=both("Five equal rows: the loss is ln 5.", "五行全同：损失为 ln 5。"))


@points(3, title={"en": "InfoNCE: perpendicular pairs", "zh": "InfoNCE：两两正交"})
def test_info_nce_orthogonal(student):
    N, tau = 4, 0.5
    img, txt = np.diag([1.0, 2.0, 3.0, 4.0]), np.diag([5.0, 0.5, 1.0, 2.0])
    advice = both("Rows have length 1 after normalising.", "归一化后每行长度为 1。")
    agree(loss_of(student, img, txt, tau), math.log(1 + (N - 1) * math.exp(-1 / tau)), "loss", advice=advice)


@points(2, title={"en": "InfoNCE: gradients of an example", "zh": "InfoNCE：算例的梯度"})
def test_info_nce_gradient_example(student):
    c = golden("info_nce")
    _, dimg, dtxt = parts(student.coordination.info_nce(c.img, c.txt, c.tau), "loss", "dimg", "dtxt")
    agree(dimg, c.dimg, "dimg", **GRADIENT)
    agree(dtxt, c.dtxt, "dtxt", **GRADIENT)


@points(2, title={"en": "InfoNCE: the length of rows does not matter", "zh": "InfoNCE：与行的长度无关"})
def test_info_nce_scale(student, rng):
    img, txt = normal(rng, (4, 3), (4, 3))
    loss = pairing_matters(student, img, txt, 0.5)
    scaled = loss_of(student, img * np.array([[2.0], [0.5], [3.0], [1.0]]), txt * 7, 0.5)
    agree(scaled, loss, both("the loss with rows of other lengths", "改变各行长度后的损失"))


@points(2, title={"en": "InfoNCE: the order of the pairs does not matter", "zh": "InfoNCE：与样本对的顺序无关"})
def test_info_nce_permutation(student, rng):
    img, txt = normal(rng, (5, 3), (5, 3))
    loss, order = pairing_matters(student, img, txt, 0.5), np.array([2, 0, 4, 3, 1])
    agree(loss_of(student, img[order], txt[order], 0.5), loss, both("the loss of the pairs in another order", "打乱样本对顺序后的损失"))


