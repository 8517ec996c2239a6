"""The harness's own training loop: Adam on a student's SmallCNN, and the digits it learns."""


import numpy as np
from assay import Handle, both, data_path
def digits():
    """scikit-learn's 1797 digits: images [1797, 1, 8, 8] around 0, labels."""
    with np.load(data_path("digits.npz")) as data:
        return data["images"][:, None] / 8 - 0.6, data["labels"].astype(np.int64)


def build(student, **settings):
    """A SmallCNN of the student's, which stays on the student's side."""
    model = student.cnn.SmallCNN(**settings)
    assert isinstance(model, Handle), both("SmallCNN must be a class", "SmallCNN 必须是一个类")
    return model


def params_of(model):
    params = model.params
    usable = isinstance(params, dict) and params and all(map(is_finite_array, params.values()))
    assert usable, both("params must be a dict of finite numpy arrays", "params 必须是由有限数值的 numpy 数组组成的字典")
    return params


def gradient_of(model, params, X, y):
    """(loss, grads) of the model, checked against the parameters' names and shapes."""
    answer = model.loss(X, y)
    two = isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[1], dict)
    assert two, both("loss(X, y) must return (loss, grads), grads a dict", "loss(X, y) 应返回 (loss, grads)，grads 为字典")
    loss, grads = answer
    assert is_number(loss), both("the loss must be one finite number", "损失必须是一个有限的数")
    assert grads.keys() == params.keys(), both(
        f"grads has the keys {sorted(grads)}, params has {sorted(params)}",
        f"grads 的键为 {sorted(grads)}，params 的键为 {sorted(params)}",
    )
    for name, value in params.items():
        right = is_finite_array(grads[name]) and grads[name].shape == value.shape
        assert right, both(
            f"grads[{name!r}] must be a finite array with the shape {list(value.shape)} of params[{name!r}]",
            f"grads[{name!r}] 必须是有限的数组，且与 params[{name!r}] 形状相同：{list(value.shape)}",
        )
    return float(loss), grads


def adam(model, batches, rate, beta1=0.9, beta2=0.999):
    """Trains the model on one batch after another; after each step gives (parameters, loss)."""
    params = params_of(model)
    mean = {name: np.zeros_like(value) for name, value in params.items()}
    square = {name: np.zeros_like(value) for name, value in params.items()}
    for step, (X, y) in enumerate(batches, start=1):
        loss, grads = gradient_of(model, params, X, y)
        for name, grad in grads.items():
            mean[name] = beta1 * mean[name] + (1 - beta1) * grad
            square[name] = beta2 * square[name] + (1 - beta2) * grad**2
            unbiased = square[name] / (1 - beta2**step)
            params[name] = params[name] - rate * mean[name] / (1 - beta1**step) / (np.sqrt(unbiased) + 1e-8)
        model.set_params(params)
        yield params, loss


def accuracy(model, X, y):
    """The share of X that the model labels y."""
    labels = model.predict(X)
    one_each = isinstance(labels, (np.ndarray, list)) and np.shape(labels) == y.shape
    assert one_each, both(f"predict must return {len(y)} labels for {len(y)} images", f"predict 应为 {len(y)} 张图像返回 {len(y)} 个标签")
    return float(np.mean(np.asarray(labels) == y))


def is_finite_array(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f" and bool(np.isfinite(value).all())


def is_number(value):
    number = isinstance(value, (int, float, np.ndarray)) and np.shape(value) == ()
    return bool(number and np.isreal(value) and np.isfinite(value))


