"""HW2: recurrent neural networks. Fill in the functions; the sheet explains each of them.

Use numpy and the standard library only. You may add functions and files of your own.
Letters: N samples, T steps, D input size, H hidden size, V words, M outputs.
All arrays are float64 unless said otherwise; do not change an argument in place.
What you keep in `cache` is yours: only your own backward function reads it.
"""

import numpy as np


def rnn_step_forward(x, h_prev, Wx, Wh, b):
    """One step of a tanh RNN.

    x: [N, D]; h_prev: [N, H]; Wx: [D, H]; Wh: [H, H]; b: [H]
    Returns (h: [N, H], cache).
    """
    h, cache = np.zeros_like(h_prev), None  # TODO
    return h, cache


def rnn_step_backward(dh, cache):
    """dh: [N, H]. Returns (dx: [N, D], dh_prev: [N, H], dWx: [D, H], dWh: [H, H], db: [H])."""
    raise NotImplementedError("rnn_step_backward")  # TODO


def rnn_forward(x, h0, Wx, Wh, b):
    """A tanh RNN over T steps.

    x: [N, T, D]; h0: [N, H], the state before the first step; Wx, Wh, b as above
    Returns (h: [N, T, H], cache).
    """
    raise NotImplementedError("rnn_forward")  # TODO


def rnn_backward(dh, cache):
    """Backpropagation through time.

    dh: [N, T, H], the gradient of the loss by each step's h, *not* yet through later steps
    Returns (dx: [N, T, D], dh0: [N, H], dWx: [D, H], dWh: [H, H], db: [H]).
    """
    raise NotImplementedError("rnn_backward")  # TODO


def lstm_step_forward(x, h_prev, c_prev, Wx, Wh, b):
    """One step of an LSTM; the 4H columns are the gates i, f, o, g in this order.

    x: [N, D]; h_prev, c_prev: [N, H]; Wx: [D, 4H]; Wh: [H, 4H]; b: [4H]
    Returns (h: [N, H], c: [N, H], cache).
    """
    raise NotImplementedError("lstm_step_forward")  # TODO


def lstm_step_backward(dh, dc, cache):
    """dh, dc: [N, H]. Returns (dx, dh_prev, dc_prev, dWx: [D, 4H], dWh: [H, 4H], db: [4H])."""
    raise NotImplementedError("lstm_step_backward")  # TODO


def lstm_forward(x, h0, Wx, Wh, b):
    """An LSTM over T steps; the cell state before the first step is 0.

    x: [N, T, D]; h0: [N, H]. Returns (h: [N, T, H], cache).
    """
    raise NotImplementedError("lstm_forward")  # TODO


def lstm_backward(dh, cache):
    """dh: [N, T, H]. Returns (dx: [N, T, D], dh0: [N, H], dWx: [D, 4H], dWh: [H, 4H], db: [4H])."""
    raise NotImplementedError("lstm_backward")  # TODO


def word_embedding_forward(x, W):
    """x: int64[N, T], indices from 0 to V - 1; W: [V, D]. Returns (out: [N, T, D], cache)."""
    raise NotImplementedError("word_embedding_forward")  # TODO


def word_embedding_backward(dout, cache):
    """dout: [N, T, D]. Returns dW: [V, D]; the same word may occur several times."""
    raise NotImplementedError("word_embedding_backward")  # TODO


def temporal_affine_forward(x, w, b):
    """x: [N, T, D]; w: [D, M]; b: [M]. Returns (out: [N, T, M], cache)."""
    raise NotImplementedError("temporal_affine_forward")  # TODO


def temporal_affine_backward(dout, cache):
    """dout: [N, T, M]. Returns (dx: [N, T, D], dw: [D, M], db: [M])."""
    raise NotImplementedError("temporal_affine_backward")  # TODO


def temporal_softmax_loss(x, y, mask):
    """Softmax cross-entropy, summed over the steps where mask is True and divided by N.

    x: scores [N, T, V]; y: int64[N, T], the right words; mask: bool[N, T]
    Returns (loss: one real number, dx: [N, T, V]).
    """
    raise NotImplementedError("temporal_softmax_loss")  # TODO
