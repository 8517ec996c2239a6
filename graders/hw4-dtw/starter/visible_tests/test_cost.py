"""cost_matrix: every frame of one series against every frame of the other."""


from assay import close, points
METRICS = ("euclidean", "sqeuclidean", "cityblock")


def expect_costs(student, reference, x, y):
    for metric in METRICS:
        got, want = student.dtw.cost_matrix(x, y, metric), reference.dtw.cost_matrix(x, y, metric)
        assert close(got, want, name=f'C ("{metric}")')


@points(3, title={"en": "Costs between series of numbers", "zh": "一维序列的代价矩阵"})
def test_cost_of_numbers(student, reference, rng):
    expect_costs(student, reference, rng.normal(0, 2, 5), rng.normal(0, 2, 7))


