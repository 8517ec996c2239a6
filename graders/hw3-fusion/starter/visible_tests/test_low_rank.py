"""Low-rank fusion of two modalities equals the tensor written out (visible)."""


import numpy as np
from answers import agree, normal, with_one
from assay import both, points
@points(4, title={"en": "Low-rank fusion of two modalities", "zh": "低秩融合：两个模态"})
def test_lowrank_two(student, rng):
    x, y, F, G, weights, bias = normal(rng, (3, 2), (3, 4), (2, 3, 3), (2, 5, 3), (2,), (3,))
    tensor = np.einsum("r,rio,rjo->ijo", weights, F, G)
    want = np.einsum("ni,nj,ijo->no", with_one(x), with_one(y), tensor) + bias
    agree(student.fusion.lowrank_fusion([x, y], [F, G], weights, bias), want, both("lowrank_fusion", "lowrank_fusion 的结果"))


