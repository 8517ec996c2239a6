"""InfoNCE's loss as a number, and a check that it looks at its inputs at all."""


import numpy as np
from answers import parts
from assay import both, close
def loss_of(student, img, txt, tau):
    """The loss alone, whatever the gradients are."""
    loss, _, _ = parts(student.coordination.info_nce(img, txt, tau), "loss", "dimg", "dtxt")
    return loss


def pairing_matters(student, img, txt, tau):
    """The loss of these pairs; it is positive, and another one when the texts change places."""
    loss, mixed = loss_of(student, img, txt, tau), loss_of(student, img, np.roll(txt, 1, axis=0), tau)
    number = close(loss, 0.0, atol=np.inf, name="loss")
    assert number, number.words
    assert loss > 0, both(f"the loss is {float(loss):.6g}; it must be positive", f"损失为 {float(loss):.6g}；它应为正数")
    assert not close(mixed, loss).close, both("other pairs give the same loss", "换成别的样本对，损失却不变")
    return float(loss)


