from assay import points


@points(10, title={"en": "Twice", "zh": "两倍"})
def test_twice(student):
    assert student.work.twice(2) == 4
