"""The gated multimodal unit (opens after the due date)."""
from answers import agree, normal, parts
from assay import points


@points(4, title={"en": "Gated multimodal unit", "zh": "门控多模态单元"}, visibility="after_due_date")
def test_gate(student, reference, rng):
    arguments = normal(rng, (4, 3), (4, 3), (3, 2), (3, 2), (6, 2))
    h, z = parts(student.fusion.gmu(*arguments), "h", "z")
    want_h, want_z = reference.fusion.gmu(*arguments)
    agree(z, want_z, "z")
    agree(h, want_h, "h")
