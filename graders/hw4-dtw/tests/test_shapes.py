"""Series of one frame, and frames of several values."""

from assay import points
from cases import costs, expect_distance


@points(
    4,
    title={"en": "A series of one frame", "zh": "只有一帧的序列"},
    visibility="after_due_date",
)
def test_one_frame(student, reference, rng):
    for n, m in [(1, 7), (8, 1), (1, 1)]:
        C = costs(rng, n, m)
        en, zh = f"through {n} x {m} costs (every cell must be visited)", f"{n} x {m} 代价矩阵（须经过所有格子）"
        expect_distance(student, C, C.sum(), en, zh)


@points(
    4,
    title={"en": "Series of vectors, from costs to distance", "zh": "向量序列：从代价到距离"},
    visibility="after_due_date",
)
def test_vector_series(student, reference, rng):
    y = rng.normal(0, 5, (5, 4))
    x = y[[0, 0, 0, 1, 2, 3, 4]] + rng.uniform(0.1, 0.2, (7, 4))
    for metric in ("euclidean", "sqeuclidean", "cityblock"):
        for a, b in [(x, y), (y, x)]:
            want = reference.dtw.dtw(reference.dtw.cost_matrix(a, b, metric))[0]
            C = student.dtw.cost_matrix(a, b, metric)
            expect_distance(student, C, want, f'of 4-D series ("{metric}")', f'四维序列（"{metric}"）')
