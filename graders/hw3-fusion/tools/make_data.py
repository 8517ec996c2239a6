"""Makes data/golden.npz (answers of PyTorch's autograd) and data/digits.npz (scikit-learn's digits).

A reference that is wrong consistently, loss and gradient alike, fails against the golden answers. Run in the
development image: `python3 tools/make_data.py`.
"""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

DATA = Path(__file__).parent.parent / "data"


def info_nce_case(seed, n, d, tau):
    rng = np.random.default_rng(seed)
    img, txt = (torch.tensor(rng.standard_normal((n, d)).round(2) * 2, requires_grad=True) for _ in range(2))
    logits = F.normalize(img) @ F.normalize(txt).T / tau
    labels = torch.arange(n)
    loss = (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2
    dimg, dtxt = torch.autograd.grad(loss, (img, txt))
    values = {"img": img, "txt": txt, "loss": loss, "dimg": dimg, "dtxt": dtxt}
    return {f"info_nce.{name}": value.detach().numpy() for name, value in values.items()} | {"info_nce.tau": tau}


np.savez_compressed(DATA / "golden.npz", **info_nce_case(1, n=4, d=3, tau=0.5))
digits = load_digits()
np.savez_compressed(DATA / "digits.npz", images=digits.images.astype(np.uint8), labels=digits.target.astype(np.uint8))
