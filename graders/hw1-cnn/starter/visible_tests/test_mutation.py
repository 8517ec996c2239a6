"""The forward functions leave their inputs alone (visible)."""


from answers import golden, parts, spread
from assay import opaque, points
from mutation import untouched
import numpy as np
opaque("cnn.*_forward", -1)


@points(2, title={"en": "Forward functions leave their inputs unchanged", "zh": "前向函数不修改输入"})
def test_forward_leaves_inputs(student):
    x = spread(np.random.default_rng(0), (2, 2, 4, 4))
    c, a, s = golden("padded"), golden("affine"), golden("softmax")
    calls = {
        "conv2d_forward": ((c.x, c.w, c.b, c.stride, c.pad), c.out.shape),
        "max_pool_forward": ((x, 2, 2, 2), (2, 2, 2, 2)),
        "relu_forward": ((x,), x.shape),
        "affine_forward": ((a.x, a.w, a.b), a.out.shape),
    }
    for name, (arguments, shape) in calls.items():
        out, _ = parts(getattr(student.cnn, name)(*arguments), "out", "cache")
        untouched(student, name, out, shape, arguments)
    _, dscores = parts(student.cnn.softmax_loss(s.scores, s.y), "loss", "dscores")
    untouched(student, "softmax_loss", dscores, s.scores.shape, (s.scores,))


