"""The backward functions leave dout alone (opens after the due date)."""
from answers import normal, parts, spread
from assay import opaque, points
from mutation import untouched

opaque("cnn.*_forward", -1)


@points(2, title={"en": "Backward functions leave dout unchanged", "zh": "反向函数不修改 dout"}, visibility="after_due_date")
def test_backward_leaves_dout(student, rng):
    x = spread(rng, (2, 2, 4, 4))
    w, b, w2, b2 = normal(rng, (3, 2, 3, 3), (3,), (32, 5), (5,))
    calls = [
        ("conv2d", (x, w, b, 1, 1), (2, 3, 4, 4)),
        ("max_pool", (x, 2, 2, 2), (2, 2, 2, 2)),
        ("relu", (x,), x.shape),
        ("affine", (x, w2, b2), (2, 5)),
    ]
    for layer, arguments, shape in calls:
        dout = rng.standard_normal(shape)
        _, cache = parts(getattr(student.cnn, f"{layer}_forward")(*arguments), "out", "cache")
        answer = getattr(student.cnn, f"{layer}_backward")(dout, cache)
        dx = parts(answer, "dx", "dw", "db")[0] if layer in ("conv2d", "affine") else answer
        untouched(student, f"{layer}_backward", dx, x.shape, (dout, x))
