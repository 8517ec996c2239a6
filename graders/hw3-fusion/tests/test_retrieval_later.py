"""Recall@K, the part that opens after the due date."""
import numpy as np
from answers import agree
from assay import both, points


@points(2, title={"en": "Recall@K: equal similarities rank the truth last", "zh": "Recall@K：相似度相等时正确项排最后"}, visibility="after_due_date")
def test_recall_ties(student):
    sim = np.array([[0.5, 0.5, 0.5, 0.5], [0.9, 0.8, 0.1, 0.0], [0.2, 0.2, 0.7, 0.2], [0.3, 0.8, 0.8, 0.1]])
    truth = [[0], [0, 1], [0], [1, 3]]
    for k, want in [(1, 0.25), (2, 0.5), (3, 0.5), (4, 1.0)]:
        agree(student.coordination.recall_at_k(sim, truth, k), want, both(f"Recall@{k}", f"Recall@{k}"))


@points(2, title={"en": "Recall@K: more columns than rows", "zh": "Recall@K：列多于行"}, visibility="after_due_date")
def test_recall(student, rng):
    ranks = np.array([1, 2, 2, 3, 5, 6, 9, 11])  # of the better true column; values are drawn, ranks stand here
    sim, truth = np.empty((8, 13)), []
    for row, rank in enumerate(ranks):
        columns = rng.permutation(13)
        sim[row, columns] = np.sort(rng.uniform(size=13))[::-1]
        truth.append([int(columns[rank - 1]), int(columns[12])])
    for k in (1, 2, 5, 10):
        agree(student.coordination.recall_at_k(sim, truth, k), np.mean(ranks <= k), both(f"Recall@{k}", f"Recall@{k}"))
