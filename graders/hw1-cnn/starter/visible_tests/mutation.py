"""Are a function's inputs left as they were? A claim of the student's own process, so it has few points."""


import numpy as np
from assay import both
def untouched(student, name, answer, shape, arguments):
    """Asserts that the last call changed none of its arguments; an answer that is none earns nothing."""
    array = isinstance(answer, np.ndarray) and answer.shape == shape and answer.dtype.kind == "f"
    usable = array and np.isfinite(answer).all() and np.ptp(answer) > 0
    assert usable, both(f"{name} gives no usable result yet", f"{name} 还没有给出可用的结果")
    copied = any(np.array_equal(answer, a) for a in arguments if isinstance(a, np.ndarray))
    assert not copied, both(f"{name} only returns its input", f"{name} 只是返回了输入")
    changed = ", ".join(str(position) for position in student.mutated)
    assert not changed, both(
        f"{name} changed its arguments at positions {changed} (counted from 0): work on a copy",
        f"{name} 修改了第 {changed} 个参数（从 0 数起）：请在副本上运算",
    )


