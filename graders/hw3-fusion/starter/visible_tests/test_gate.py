"""The gated multimodal unit, the visible part."""


import numpy as np
from answers import agree, normal, parts
from assay import both, close, points
@points(2, title={"en": "Gate: Wz = 0 trusts both alike", "zh": "门控：Wz = 0 时两者各半"})
def test_gate_half(student, rng):
    x1, x2, W1, W2 = normal(rng, (3, 2), (3, 4), (2, 5), (4, 5))
    h, z = parts(student.fusion.gmu(x1, x2, W1, W2, np.zeros((6, 5))), "h", "z")
    agree(z, np.full((3, 5), 0.5), "z")
    agree(h, (np.tanh(x1 @ W1) + np.tanh(x2 @ W2)) / 2, "h")


@points(2, title={"en": "Gate: between 0 and 1", "zh": "门控：介于 0 与 1 之间"})
def test_gate_range(student):
    x1, x2 = np.array([[1.0, -2.0]]), np.array([[3.0]])
    Wz = np.array([[1.0, -1.0, 0.0], [0.5, 0.25, 1.0], [-1.0, 2.0, 0.5]])
    _, z = parts(student.fusion.gmu(x1, x2, np.ones((2, 3)), np.ones((1, 3)), Wz), "h", "z")
    shaped = close(z, np.zeros((1, 3)), atol=np.inf, name="z")
    assert shaped, shaped.words
    z = np.asarray(z, dtype=float)
    outside = z[(z <= 0) | (z >= 1)]
    assert not outside.size, both(f"z must lie between 0 and 1; got {outside[:1]}", f"z 应介于 0 与 1 之间；得到 {outside[:1]}")
    signs = np.sign(z - 0.5)
    agree(signs, np.array([[-1.0, 1.0, -1.0]]), both("the sign of z − ½", "z − ½ 的符号"))


