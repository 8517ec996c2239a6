"""SmallCNN on digits that it has not seen, and its regularisation (opens after the due date)."""
import numpy as np
from answers import agree
from assay import both, points
from training import accuracy, adam, build, digits, gradient_of, params_of


@points(4, title={"en": "SmallCNN reads held-out digits", "zh": "SmallCNN 识别未见过的数字"}, visibility="after_due_date", per_test=120)
def test_training_generalises(student, rng):
    X, y = digits()
    order = rng.permutation(len(X))
    held_out, training = order[:200], order[200:]
    model = build(student, weight_scale=0.1, seed=3)
    batches = [(X[b], y[b]) for b in np.resize(training, (300, 20))]
    for step, _ in enumerate(adam(model, batches, rate=0.01), start=1):
        if step >= 80 and step % 20 == 0:
            right = accuracy(model, X[held_out], y[held_out])
            if right >= 0.9:
                return
    assert False, both(
        f"after 300 batches of 20 digits, {right:.0%} of 200 held-out digits are right; expected at least 90%",
        f"用 300 批、每批 20 个数字训练后，200 个未见过的数字中有 {right:.0%} 正确；至少应为 90%",
    )


@points(2, title={"en": "Regularisation is in the loss and in the gradient", "zh": "正则化同时进入损失与梯度"}, visibility="after_due_date", per_test=60)
def test_training_regularisation(student, rng):
    X, y = digits()
    some = rng.permutation(len(X))[:4]
    X, y = X[some], y[some]
    plain, regular = build(student, weight_scale=0.1, seed=4), build(student, weight_scale=0.1, reg=0.5, seed=4)
    params = params_of(plain)
    direction = {name: rng.standard_normal(value.shape) for name, value in params.items()}

    def penalty(step):
        """What `reg` adds to the loss and to the gradient, so many steps along the direction."""
        moved = {name: value + step * direction[name] for name, value in params.items()}
        answers = []
        for model in (regular, plain):
            model.set_params(moved)
            answers.append(gradient_of(model, moved, X, y))
        (with_reg, grads), (without, plain_grads) = answers
        return with_reg - without, {name: grads[name] - plain_grads[name] for name in params}

    added, added_grads = penalty(1.0)
    assert added > 1e-6, both("reg adds nothing to the loss", "reg 没有使损失增加")
    slope = sum(float(np.sum(added_grads[name] * direction[name])) for name in params)
    numeric = (penalty(1.1)[0] - penalty(0.9)[0]) / 0.2  # exact for a sum of squares
    agree(slope, numeric, both("the slope of reg's part of the loss, from grads", "由 grads 算出的正则项斜率"), rtol=1e-5, atol=1e-7)
