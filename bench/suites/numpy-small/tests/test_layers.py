"""Twelve quick tests of one layer: what is measured is the way to them, not their own work."""

from assay import close, explain, points


def compare(student, reference, rng, batch, inputs, outputs):
    x, w, b = (rng.standard_normal(s).astype("float32") for s in ((batch, inputs), (inputs, outputs), (outputs,)))
    got, want = student.work.layer(x, w, b), reference.work.layer(x, w, b)
    assert close(got, want, rtol=1e-4, atol=1e-5), explain(got, want, "out")


def make(number):
    def test(student, reference, rng):
        compare(student, reference, rng, number, 8 * number, 16)

    test.__name__ = f"test_layer_{number:02d}"
    return points(1, title=f"Layer {number}")(test)


for count in range(1, 13):
    globals()[f"test_layer_{count:02d}"] = make(count)
