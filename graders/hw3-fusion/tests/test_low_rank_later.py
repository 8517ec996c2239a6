"""Low-rank fusion against the explicit tensor (opens after the due date)."""
import numpy as np
from answers import agree, normal, with_one
from assay import both, points


@points(5, title={"en": "Low-rank fusion of three modalities", "zh": "低秩融合：三个模态"}, visibility="after_due_date")
def test_lowrank_three(student, rng):
    compare(student, rng, widths=(3, 1, 2), rank=4)


@points(3, title={"en": "Low-rank fusion of rank 1", "zh": "低秩融合：秩为 1"}, visibility="after_due_date")
def test_lowrank_rank_one(student, rng):
    compare(student, rng, widths=(2, 3, 2), rank=1)


@points(2, title={"en": "A rank of weight 0 does not count", "zh": "权重为 0 的秩不起作用"}, visibility="after_due_date")
def test_lowrank_weight_zero(student, rng):
    compare(student, rng, widths=(2, 2, 3), rank=3, weights=np.array([0.0, 0.0, -1.5]))


def compare(student, rng, widths, rank, weights=None):
    """Four samples, two outputs; the tensor is written out with all its entries."""
    feats = normal(rng, *((4, d) for d in widths))
    factors = normal(rng, *((rank, d + 1, 2) for d in widths))
    weights = rng.uniform(0.5, 2, rank) if weights is None else weights
    bias = rng.standard_normal(2)
    tensor = np.einsum("r,rio,rjo,rko->ijko", weights, *factors)
    want = np.einsum("ni,nj,nk,ijko->no", *map(with_one, feats), tensor) + bias
    got = student.fusion.lowrank_fusion(feats, factors, weights, bias)
    agree(got, want, both("lowrank_fusion", "lowrank_fusion 的结果"))
