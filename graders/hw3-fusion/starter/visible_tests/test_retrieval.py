"""Recall@K, and finding a digit's lower half by its upper half (visible)."""


import numpy as np
from answers import agree
from assay import attach_image, both, data_path, points
from views import fit
@points(2, title={"en": "Recall@K with several captions", "zh": "Recall@K：多个正确描述"})
def test_recall_example(student):
    sim = np.array([[0.9, 0.1, 0.8, 0.3], [0.2, 0.7, 0.4, 0.6], [0.5, 0.6, 0.9, 0.8]])
    truth = [[2, 3], [1], [0, 1]]
    for k, want in [(1, 1 / 3), (2, 2 / 3), (3, 1.0)]:
        agree(student.coordination.recall_at_k(sim, truth, k), want, both(f"Recall@{k}", f"Recall@{k}"))


@points(4, title={"en": "Upper halves of digits find their lower halves", "zh": "用数字上半部分检索下半部分"}, per_test=60)
def test_retrieval_of_halves(student):
    with np.load(data_path("digits.npz")) as data:
        images = data["images"] / 16
    order = np.random.default_rng(3).permutation(len(images))  # the same halves for everyone
    known, queries = images[order[:1000]], images[order[1000:1400]]
    top, bottom = known[:, :4].reshape(-1, 32), known[:, 4:].reshape(-1, 32)
    A, B, _ = fit(student, top, bottom, 8, 0.01)
    u = unit((queries[:, :4].reshape(-1, 32) - top.mean(axis=0)) @ A)
    v = unit((queries[:, 4:].reshape(-1, 32) - bottom.mean(axis=0)) @ B)
    sim = u @ v.T
    attach_image("halves", joined(queries[:10], sim[:10].argmax(axis=1), queries), both("Ten upper halves, each above the lower half found for it", "十个上半部分，下方是为其检索到的下半部分"))
    rank = np.sum(sim >= np.diag(sim)[:, None], axis=1)  # counted here: this test is about the embedding
    recall = np.mean(rank <= 40)
    assert recall >= 0.55, both(
        f"Recall@40 is {recall:.2f}; chance is 0.10, at least 0.55 is expected",
        f"Recall@40 为 {recall:.2f}；随机水平为 0.10，至少应为 0.55",
    )


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


def joined(upper, found, images):
    """Upper halves above the lower halves found for them, each pixel 6 × 6."""
    tiles = [np.concatenate([image[:4], images[j][4:]]) for image, j in zip(upper, found)]
    return np.kron(np.concatenate([np.pad(tile, 1) for tile in tiles], axis=1), np.ones((6, 6)))


