"""Early, late and tensor fusion, the visible part: cases small enough for paper."""


import numpy as np
from answers import agree
from assay import both, points
@points(2, title={"en": "Early fusion: a worked example", "zh": "早期融合：算例"})
def test_early_fusion_example(student):
    text, image = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[3.0], [-1.0]])
    W, b = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]]), np.array([0.5, -0.5])
    got = student.fusion.early_fusion([text, image], W, b)
    agree(got, np.array([[17.5, 169.5], [-1.5, -20.5]]), both("early_fusion", "early_fusion 的结果"))


@points(2, title={"en": "Late fusion: a worked example", "zh": "晚期融合：算例"})
def test_late_fusion_example(student):
    scores = [np.log([[1.0, 3.0], [1.0, 1.0]]), np.log([[4.0, 1.0], [1.0, 9.0]])]
    got = student.fusion.late_fusion(scores, np.array([2.0, 6.0]))
    want = np.array([[0.25 * 0.25 + 0.75 * 0.8, 0.25 * 0.75 + 0.75 * 0.2], [0.2, 0.8]])
    agree(got, want, both("late_fusion", "late_fusion 的结果"), advice=sums_to_one(got))


def sums_to_one(got):
    """Advice about the commonest slips: unnormalised weights, no softmax."""
    total = float(np.sum(got[0])) if isinstance(got, np.ndarray) and got.ndim == 2 and got.size else 1.0
    if abs(total - 1) > 1e-6:
        return both(f"The first row sums to {total:.4g}; probabilities sum to 1.", f"第一行之和为 {total:.4g}；概率之和应为 1。")


@points(3, title={"en": "Tensor fusion: a worked example", "zh": "张量融合：算例"})
def test_tensor_fusion_example(student):
    got = student.fusion.tensor_fusion(np.array([[2.0, 3.0]]), np.array([[5.0]]), np.array([[7.0]]))
    want = np.array([[1.0, 7.0, 5.0, 35.0, 2.0, 14.0, 10.0, 70.0, 3.0, 21.0, 15.0, 105.0]])
    agree(got, want, both("tensor_fusion", "tensor_fusion 的结果"))


@points(3, title={"en": "Tensor fusion keeps each modality alone", "zh": "张量融合保留单模态部分"})
def test_tensor_fusion_unimodal(student, rng):
    a, v, t = (rng.standard_normal((3, width)) for width in (2, 3, 4))
    got = student.fusion.tensor_fusion(a, v, t)
    shaped = isinstance(got, np.ndarray) and got.shape == (3, 3 * 4 * 5)
    assert shaped, both("tensor_fusion must return an array [3, 3·4·5]", "tensor_fusion 应返回形状为 [3, 3·4·5] 的数组")
    blocks = got.reshape(3, 3, 4, 5)
    agree(blocks[:, 0, 0, 0], np.ones(3), both("the product of the three ones", "三个 1 的乘积"))
    agree(blocks[:, 1:, 0, 0], a, both("the block of a alone", "a 的单模态部分"))
    agree(blocks[:, 0, 1:, 0], v, both("the block of v alone", "v 的单模态部分"))
    agree(blocks[:, 0, 0, 1:], t, both("the block of t alone", "t 的单模态部分"))


