"""Homework 1: a convolutional network in numpy. Write the functions; keep their names and arguments.

All arrays are numpy.float64, labels are integers. No function may change its inputs. `cache` is whatever
your backward function needs: the tests hand it back to you and never look inside.
"""
import numpy as np


def conv2d_forward(x, w, b, stride, pad):
    """Cross-correlation (the kernel is not flipped), zeros around the image.

    x [N, C, H, W], w [F, C, kh, kw], b [F], stride and pad: int, the same in both directions
    -> (out [N, F, H', W'], cache),  H' = floor((H + 2 pad - kh) / stride) + 1, W' likewise
    """
    raise NotImplementedError("conv2d_forward")


def conv2d_backward(dout, cache):
    """dout [N, F, H', W'] -> (dx [N, C, H, W], dw [F, C, kh, kw], db [F])"""
    raise NotImplementedError("conv2d_backward")


def max_pool_forward(x, kh, kw, stride):
    """x [N, C, H, W] -> (out [N, C, H', W'], cache),  H' = floor((H - kh) / stride) + 1, W' likewise"""
    raise NotImplementedError("max_pool_forward")


def max_pool_backward(dout, cache):
    """dout [N, C, H', W'] -> dx [N, C, H, W]; of equal maxima the first in row-major order takes all"""
    raise NotImplementedError("max_pool_backward")


def relu_forward(x):
    """x of any shape -> (max(x, 0), cache)"""
    raise NotImplementedError("relu_forward")


def relu_backward(dout, cache):
    """dout of x's shape -> dx of x's shape"""
    raise NotImplementedError("relu_backward")


def affine_forward(x, w, b):
    """x [N, ...] is flattened to [N, D]; w [D, M], b [M] -> (out [N, M], cache)"""
    raise NotImplementedError("affine_forward")


def affine_backward(dout, cache):
    """dout [N, M] -> (dx with x's own shape, dw [D, M], db [M])"""
    raise NotImplementedError("affine_backward")


def softmax_loss(scores, y):
    """scores [N, C], labels y [N] in 0..C-1 -> (mean cross-entropy: a number, dscores [N, C])"""
    raise NotImplementedError("softmax_loss")


class SmallCNN:
    """conv (stride 1, same size) - ReLU - 2 x 2 max pool - affine - ReLU - affine - softmax."""

    def __init__(self, input_dim=(1, 8, 8), num_filters=4, filter_size=3, hidden_dim=32,
                 num_classes=10, weight_scale=1e-2, reg=0.0, seed=0):
        """Weights are normal with standard deviation `weight_scale`, drawn with `seed`; biases are 0."""
        self.reg = reg
        self.params = {}  # name -> numpy array; the names are yours

    def set_params(self, params):
        """Takes new values for all parameters: a dict with the keys and shapes of `params`."""
        self.params = params

    def predict(self, X):
        """X [N, C, H, W] -> integer labels [N]"""
        return np.argmax(self.loss(X), axis=1)

    def loss(self, X, y=None):
        """Without y: scores [N, num_classes]. With labels y [N]: (loss, grads with the keys of `params`).

        The loss is the softmax loss plus reg / 2 times the sum of all squared weights.
        """
        raise NotImplementedError("SmallCNN.loss")
