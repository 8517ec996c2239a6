// The suite that `assay init` writes: small, proved as it stands, and with one of everything, so that writing the real
// one is a matter of replacing.

/** Path to text; `{id}` is filled in. */
export const template: Record<string, string> = {
  "grader.yaml": `id: {id}
title: { en: "{id}: moving average", zh: "{id}：滑动平均" }
image: python-ml
preload: [numpy]
files: { required: [smooth.py] }
limits: { upload: 5MB, unpacked: 20MB, cpus: 1, memory: 1GiB, pids: 64, wall: 60s, per_test: 5s }
# none: of hidden tests nothing is told; count: how many passed.
hidden_feedback: count
# What the starter may score at most.
starter_max: 0
`,
  "README.md": `# Moving average

Write \`smooth.py\` with

\`moving_average(x, w) -> y\`

- \`x\`: float64 array of shape \`[n]\`; \`w\`: whole number of values in a window.
- \`y\`: float64 array of shape \`[n - w + 1]\`; \`y[i]\` is the mean of \`x[i], …, x[i + w - 1]\`.
- \`w\` below 1 or above \`n\` raises \`ValueError\`. \`x\` is not changed.

Hand in a ZIP with \`smooth.py\`.
`,
  "README.zh.md": `# 滑动平均

编写 \`smooth.py\`，其中包含

\`moving_average(x, w) -> y\`

- \`x\`：形状为 \`[n]\` 的 float64 数组；\`w\`：窗口内的数值个数（整数）。
- \`y\`：形状为 \`[n - w + 1]\` 的 float64 数组；\`y[i]\` 为 \`x[i], …, x[i + w - 1]\` 的平均值。
- \`w\` 小于 1 或大于 \`n\` 时抛出 \`ValueError\`。不得修改 \`x\`。

提交包含 \`smooth.py\` 的 ZIP。
`,
  "starter/smooth.py": `import numpy as np


def moving_average(x, w):
    """x: float64 [n]; w: window length. Returns the means of each window, float64 [n - w + 1]."""
    raise NotImplementedError
`,
  "reference/smooth.py": `import numpy as np


def moving_average(x, w):
    """Means of each window of length w, by differences of the running sum."""
    if not 1 <= w <= len(x):
        raise ValueError("w must lie between 1 and len(x)")
    total = np.concatenate([[0.0], np.cumsum(x)])
    return (total[w:] - total[:-w]) / w
`,
  "tests/test_smooth.py": `import numpy as np
from assay import both, close, points, raises


@points(4, title={"en": "Worked by hand", "zh": "手算示例"})
def test_by_hand(student, reference, rng):
    y = student.smooth.moving_average(np.array([1.0, 2.0, 6.0, 3.0]), 2)
    assert close(y, np.array([1.5, 4.0, 4.5]), name="y")


@points(2, title={"en": "Window of one, window of all", "zh": "窗口为 1 与全长"})
def test_extremes(student, reference, rng):
    x = rng.standard_normal(7)
    assert close(student.smooth.moving_average(x, 1), x, name="w = 1")
    assert close(student.smooth.moving_average(x, 7), np.array([x.mean()]), name="w = n")


@points(3, title={"en": "Other values", "zh": "其他数值"}, visibility="after_due_date")
def test_random(student, reference, rng):
    for n, w in [(12, 3), (30, 8)]:
        x = rng.standard_normal(n)
        assert close(student.smooth.moving_average(x, w), reference.smooth.moving_average(x, w), name="y")
        assert student.mutated == [], both("x was changed in place", "x 被原地修改")


@points(1, title={"en": "Impossible windows", "zh": "无效窗口"})
def test_errors(student, reference, rng):
    # A right answer comes first: raising always is no way to pass.
    assert close(student.smooth.moving_average(np.ones(5), 5), np.ones(1), name="w = 5")
    for w in (0, 6):
        with raises("ValueError"):
            student.smooth.moving_average(np.ones(5), w)
`,
  "mutants/sum-for-mean/mutant.yaml": `title: { en: The sum instead of the mean, zh: 求和而非平均 }
hint: { en: Look at what a window of equal values gives., zh: 想一想数值都相同的窗口应得到什么。 }
change: { file: smooth.py, find: "(total[w:] - total[:-w]) / w", replace: "total[w:] - total[:-w]" }
fails: [test_by_hand, test_errors, test_extremes, test_random]
`,
  "mutants/one-window-missing/mutant.yaml": `title: { en: The last window is missing, zh: 缺少最后一个窗口 }
hint: { en: "Count the windows of length w that fit into n values.", zh: "数一数 n 个数值中能放下多少个长度为 w 的窗口。" }
change: { file: smooth.py, find: "(total[w:] - total[:-w]) / w", replace: "(total[w:-1] - total[: -w - 1]) / w" }
fails: [test_by_hand, test_errors, test_extremes, test_random]
`,
  "mutants/any-window-accepted/mutant.yaml": `title: { en: Impossible windows are accepted, zh: 接受无效窗口 }
hint: { en: What should happen where no window fits?, zh: 放不下任何窗口时应当怎样？ }
change: { file: smooth.py, find: "if not 1 <= w <= len(x):", replace: "if False:" }
fails: [test_errors]
`,
};
