"""SmallCNN learns twenty digits by heart (visible)."""


import numpy as np
from assay import attach_plot, both, points
from training import accuracy, adam, build, digits
@points(4, title={"en": "SmallCNN overfits 20 digits", "zh": "SmallCNN 能过拟合 20 个数字"}, per_test=90)
def test_training_overfits(student, rng):
    X, y = digits()
    chosen = np.concatenate([rng.permutation(np.flatnonzero(y == label))[:2] for label in range(10)])
    X, y = X[chosen], y[chosen]
    model = build(student, weight_scale=0.1, seed=1)
    losses = []
    for trained, loss in adam(model, [(X, y)] * 60, rate=0.01):
        losses.append(loss)
    attach_plot("loss", {"loss": losses}, title=both("Loss on 20 digits", "20 个数字上的损失"), x_label=both("step", "步"))
    fresh = build(student, weight_scale=0.1, seed=2)
    fresh.set_params(trained)  # what was learned is in the parameters, nowhere else
    right = accuracy(fresh, X, y)
    assert right == 1, both(
        f"after 60 steps of Adam the loss went from {losses[0]:.3g} to {losses[-1]:.3g} and {right:.0%} of 20 digits are right; expected 100%",
        f"Adam 训练 60 步后，损失从 {losses[0]:.3g} 变为 {losses[-1]:.3g}，20 个数字中有 {right:.0%} 正确；应为 100%",
    )


