"""InfoNCE, the part that opens after the due date."""
from answers import GRADIENT, agree, normal, parts
from assay import both, numeric_gradient, points
from losses import loss_of, pairing_matters


@points(5, title={"en": "InfoNCE: the loss", "zh": "InfoNCE：损失"}, visibility="after_due_date")
def test_info_nce_loss(student, reference, rng):
    for shape, tau in [((5, 3), 0.2), ((3, 6), 1.5), ((4, 8), 0.01)]:
        img, txt = normal(rng, shape, shape)
        want = reference.coordination.info_nce(img, txt, tau)[0]
        agree(loss_of(student, img, txt, tau), want, both(f"the loss with tau = {tau}", f"tau = {tau} 时的损失"))


@points(5, title={"en": "InfoNCE: the images' gradient", "zh": "InfoNCE：图像的梯度"}, visibility="after_due_date")
def test_info_nce_dimg(student, reference, rng):
    img, txt = normal(rng, (5, 4), (5, 4))
    _, dimg, _ = parts(student.coordination.info_nce(img, txt, 0.3), "loss", "dimg", "dtxt")
    want = numeric_gradient(lambda x: reference.coordination.info_nce(x, txt, 0.3)[0], img, 1.0)
    agree(dimg, want, "dimg", **GRADIENT)


@points(5, title={"en": "InfoNCE: the texts' gradient", "zh": "InfoNCE：文本的梯度"}, visibility="after_due_date")
def test_info_nce_dtxt(student, reference, rng):
    img, txt = normal(rng, (4, 5), (4, 5))
    _, _, dtxt = parts(student.coordination.info_nce(img, txt, 0.4), "loss", "dimg", "dtxt")
    want = numeric_gradient(lambda x: reference.coordination.info_nce(img, x, 0.4)[0], txt, 1.0)
    agree(dtxt, want, "dtxt", **GRADIENT)


@points(4, title={"en": "InfoNCE: the modalities change places", "zh": "InfoNCE：交换两个模态"}, visibility="after_due_date")
def test_info_nce_swap(student, rng):
    img, txt = normal(rng, (4, 3), (4, 3))
    pairing_matters(student, img, txt, 0.25)
    loss, dimg, dtxt = parts(student.coordination.info_nce(img, txt, 0.25), "loss", "dimg", "dtxt")
    swapped, dtxt2, dimg2 = parts(student.coordination.info_nce(txt, img, 0.25), "loss", "dimg", "dtxt")
    agree(swapped, loss, both("the loss with texts as images", "图文互换后的损失"))
    agree(dimg2, dimg, both("the images' gradient when they are given as texts", "图像作为文本输入时的梯度"))
    agree(dtxt2, dtxt, both("the texts' gradient when they are given as images", "文本作为图像输入时的梯度"))
