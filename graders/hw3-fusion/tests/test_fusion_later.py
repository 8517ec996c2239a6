"""Early, late and tensor fusion, the part that opens after the due date."""
import numpy as np
from answers import agree, normal, with_one
from assay import both, points


@points(1, title={"en": "Early fusion of three modalities", "zh": "早期融合：三个模态"}, visibility="after_due_date")
def test_early_fusion(student, reference, rng):
    *feats, W, b = normal(rng, (4, 3), (4, 3), (4, 1), (7, 5), (5,))
    agree(student.fusion.early_fusion(feats, W, b), reference.fusion.early_fusion(feats, W, b), "early_fusion")


@points(1, title={"en": "Late fusion of very large scores", "zh": "晚期融合：很大的分数"}, visibility="after_due_date")
def test_late_fusion(student, reference, rng):
    scores = [s + shift for s, shift in zip(normal(rng, (4, 4), (4, 4), (4, 4)), (1000, 0, -1000))]
    weights = np.array([0.3, 1.5, 0.9])
    agree(student.fusion.late_fusion(scores, weights), reference.fusion.late_fusion(scores, weights), "late_fusion")


@points(4, title={"en": "Tensor fusion", "zh": "张量融合"}, visibility="after_due_date")
def test_tensor_fusion(student, rng):
    compare_tensor(student, *normal(rng, (3, 2), (3, 4), (3, 3)))


@points(2, title={"en": "Tensor fusion of one sample, one feature each", "zh": "张量融合：单个样本，各一个特征"}, visibility="after_due_date")
def test_tensor_fusion_single(student, rng):
    compare_tensor(student, *normal(rng, (1, 1), (1, 1), (1, 1)))


def compare_tensor(student, a, v, t):
    want = np.einsum("ni,nj,nk->nijk", with_one(a), with_one(v), with_one(t)).reshape(len(a), -1)
    agree(student.fusion.tensor_fusion(a, v, t), want, both("tensor_fusion", "tensor_fusion 的结果"))
