"""All layers together: a captioning network learns five captions by heart. The loop is the grader's."""


import numpy as np
from assay import attach_plot, both, points
from inputs import parts
CAPTIONS = [
    "a small cat on a red mat by a door",
    "the boy and the dog and the old bridge",
    "a cup on a book on a table",
    "the train leaves the city at the river",
    "a red kite over a beach and a boat",
]


STEPS, RATE, HIDDEN, EMBEDDING = 60, 0.02, 24, 8


LOSS_PER_WORD_LIMIT = 0.1


def as_indices(captions):
    """(words[N, T], right[N, T], mask[N, T], V): each caption between <start> and <end>."""
    sentences = [["<start>", *caption.split(), "<end>"] for caption in captions]
    vocabulary = ["<pad>", *sorted({word for sentence in sentences for word in sentence})]
    longest = max(map(len, sentences))
    padded = [sentence + ["<pad>"] * (longest - len(sentence)) for sentence in sentences]
    indices = np.array([[vocabulary.index(word) for word in sentence] for sentence in padded])
    return indices[:, :-1], indices[:, 1:], indices[:, 1:] != 0, len(vocabulary)


def loss_and_gradients(layers, features, params, words, right, mask):
    """One pass through the student's layers: (loss, scores, gradients named like the parameters)."""
    E, Wx, Wh, b, w, a = (params[name] for name in ("E", "Wx", "Wh", "b", "w", "a"))
    embedded, seen = parts(layers.word_embedding_forward(words, E), "word_embedding_forward", "out", "cache")
    h, remembered = parts(layers.rnn_forward(embedded, features, Wx, Wh, b), "rnn_forward", "h", "cache")
    scores, mapped = parts(layers.temporal_affine_forward(h, w, a), "temporal_affine_forward", "out", "cache")
    loss, dscores = parts(layers.temporal_softmax_loss(scores, right, mask), "temporal_softmax_loss", "loss", "dx")
    dh, dw, da = parts(layers.temporal_affine_backward(dscores, mapped), "temporal_affine_backward", "dx", "dw", "db")
    back = parts(layers.rnn_backward(dh, remembered), "rnn_backward", "dx", "dh0", "dWx", "dWh", "db")
    dembedded, _, dWx, dWh, db = back
    dE = layers.word_embedding_backward(dembedded, seen)
    return loss, scores, {"E": dE, "Wx": dWx, "Wh": dWh, "b": db, "w": dw, "a": da}


def adam(params, gradients, moments, step):
    """One step of Adam (Kingma and Ba, 2015), in place."""
    for name, gradient in gradients.items():
        shape = params[name].shape
        assert isinstance(gradient, np.ndarray) and gradient.shape == shape, both(
            f"in training, the gradient of {name} must be an array of shape {list(shape)}",
            f"训练时，{name} 的梯度应是形状为 {list(shape)} 的数组",
        )
        mean, square = moments[name]
        mean += 0.1 * (gradient - mean)
        square += 0.001 * (gradient**2 - square)
        params[name] -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)


def beginning(rng, V):
    """(parameters, features[5, H]) to begin with: always the same numbers, so that training is never harder
    for one student than for another; which hidden unit bears which is drawn."""
    draw = np.random.default_rng(2).standard_normal
    shapes = {"E": (V, EMBEDDING), "Wx": (EMBEDDING, HIDDEN), "Wh": (HIDDEN, HIDDEN), "b": (HIDDEN,)}
    shapes |= {"w": (HIDDEN, V), "a": (V,)}
    params = {name: draw(shape) / np.sqrt(shape[0]) for name, shape in shapes.items()}
    unit = rng.permutation(HIDDEN)
    params["Wx"], params["Wh"] = params["Wx"][:, unit], params["Wh"][unit][:, unit]
    params["b"], params["w"] = params["b"][unit], params["w"][unit]
    return params, draw((len(CAPTIONS), HIDDEN))[:, unit]


@points(5, title={"en": "Five captions are learnt by heart", "zh": "记住五条图像描述"}, per_test=90)
def test_overfit_captions(student, reference, rng):
    order = rng.permutation(len(CAPTIONS))
    words, right, mask, V = as_indices([CAPTIONS[i] for i in order])
    params, features = beginning(rng, V)
    features = features[order]
    moments = {name: np.zeros((2, *value.shape)) for name, value in params.items()}
    losses = []
    for step in range(1, STEPS + 1):
        loss, _, gradients = loss_and_gradients(student.rnn, features, params, words, right, mask)
        assert isinstance(loss, (int, float, np.ndarray)) and np.size(loss) == 1, both(
            "the loss must be one number", "loss 必须是一个数"
        )
        losses.append(float(np.reshape(loss, ())) * len(words) / mask.sum())
        adam(params, gradients, moments, step)
    labels = {"x_label": both("step", "步"), "y_label": both("loss per word", "每词损失")}
    attach_plot("training", {"loss": losses}, title=both("Five captions", "五条描述"), **labels)
    assert losses[-1] < LOSS_PER_WORD_LIMIT, both(
        f"after {STEPS} steps the loss per word is {losses[-1]:.3f} (it began at {losses[0]:.3f}); "
        f"below {LOSS_PER_WORD_LIMIT} is expected",
        f"{STEPS} 步后每词损失为 {losses[-1]:.3f}（初始 {losses[0]:.3f}），应低于 {LOSS_PER_WORD_LIMIT}",
    )


