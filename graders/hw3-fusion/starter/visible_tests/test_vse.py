"""The hinge loss VSE and VSE++, the visible part: closed forms."""


import numpy as np
from answers import agree
from assay import both, points
@points(2, title={"en": "VSE: nothing to tell apart", "zh": "VSE：全部相同"})
def test_vse_equal(student):
    same = np.tile([[0.6, 0.8]], (4, 1))
    agree(student.coordination.vse_loss(same, same, 0.2, False), 4.8, both("the sum over all wrong pairs", "所有错误配对之和"))
    agree(student.coordination.vse_loss(same, same, 0.2, True), 1.6, both("with hard=True", "hard=True 时"))


@points(2, title={"en": "VSE: perpendicular pairs", "zh": "VSE：两两正交"})
def test_vse_orthogonal(student):
    img, txt = np.diag([1.0, 2.0, 3.0]), np.diag([5.0, 0.5, 1.0])
    advice = both("Every wrong pair costs margin − 1 = 0.5; the true pairs cost nothing.", "每个错误配对的代价为 margin − 1 = 0.5；正确配对没有代价。")
    agree(student.coordination.vse_loss(img, txt, 1.5, False), 6.0, both("the sum over all wrong pairs", "所有错误配对之和"), advice)
    agree(student.coordination.vse_loss(img, txt, 1.5, True), 3.0, both("with hard=True", "hard=True 时"), advice)


