// Results as the suite hw4-dtw gives them: one of each verdict, with everything that a report can hold.
import type { Artifact, TestReport, Verdict, Visibility } from "../../src/judge/report.ts";
import type { DeclaredSuiteTest } from "../../src/suites/tables.ts";

type Row = [name: string, en: string, zh: string, points: number, visibility?: Visibility];
const rows: Row[] = [
  ["test_cost_of_numbers", "Costs between series of numbers", "一维序列的代价矩阵", 3],
  ["test_textbook_examples", "Textbook examples", "教科书中的例子", 3],
  ["test_accumulated_costs", "Accumulated costs D", "累积代价矩阵 D", 3],
  ["test_warped_series", "Long, strongly warped series", "强烈扭曲的长序列", 6],
  ["test_path_endpoints", "The path leads from corner to corner", "路径从一角走到对角", 5],
  ["test_path_steps", "Each step goes down, right or both", "每一步向下、向右或对角", 4],
  ["test_cheapest_of_all_paths", "The cheapest of all paths", "所有路径中最便宜的", 6],
  ["test_window_distance", "Window: each width has its distance", "窗口：不同宽度的距离", 4],
  ["test_nan_is_refused", "NaN is refused", "拒绝 NaN", 1],
  ["test_knn_digits", "Handwritten digits by their nearest neighbour", "用最近邻识别手写数字", 3],
  ["test_thousand_frames", "1000 × 1000 in time", "1000 × 1000 按时完成", 5],
  ["test_cost_of_vectors", "Costs between series of vectors", "向量序列的代价矩阵", 3, "after_due_date"],
  ["test_path_cost", "The path costs what is said", "路径代价", 6, "after_due_date"],
  ["test_reversal", "Reversal", "反转", 2, "after_due_date"],
];

export const declaredTests: DeclaredSuiteTest[] = rows.map(
  ([name, en, zh, points, visibility = "visible"], at) => {
    return { name, title: { en, zh }, number: String(at + 1), max: points * 100, visibility, tags: [] };
  },
);

type Kind = "starter" | "mixed" | "all-right";

/** @param artifacts of the second test of `mixed`. */
export function resultsFor(kind: Kind, artifacts: Artifact[] = []): TestReport[] {
  return declaredTests.map((test, at) => {
    if (kind === "all-right") return result(test, "passed", {});
    if (kind === "starter") return result(test, "error", notImplemented);
    const [verdict, more] = mixed[at] ?? (["passed", {}] as const);
    return result(test, verdict, at === 1 ? { ...more, artifacts } : more);
  });
}

type More = Partial<TestReport> & { share?: number };

function result({ tags, ...test }: DeclaredSuiteTest, verdict: Verdict, more: More): TestReport {
  const { share = verdict === "passed" ? 1 : 0, ...rest } = more;
  return {
    ...test,
    verdict,
    score: Math.round(test.max * share),
    tags,
    message: null,
    traceback: null,
    stdout: "",
    wallMs: 12.4,
    cpuMs: 9.1,
    peakBytes: 41_000_000,
    artifacts: [],
    extra: {},
    ...rest,
  };
}

const notImplemented: More = {
  message: { en: "your code raised NotImplementedError", zh: "您的代码抛出了 NotImplementedError" },
  traceback:
    'Traceback (most recent call last):\n  File "dtw.py", line 14, in cost_matrix\n    raise NotImplementedError\nNotImplementedError\n',
};

const cells = Array.from({ length: 8 }, (_, row) =>
  Array.from({ length: 12 }, (_, column) => (row >= 2 && column >= 12 - row * 1.5 ? 1 : 0)),
);

const mixed: [Verdict, More][] = [
  ["passed", {}],
  [
    "failed",
    {
      message: {
        en: "D: first mismatch at [2, 9]: got 3.25, expected 4.75 (27 of 96 values differ)",
        zh: "D：首个不同位于 [2, 9]：得到 3.25，应为 4.75（96 个值中有 27 个不同）",
      },
      extra: {
        mismatch: {
          name: { en: "D", zh: "D" },
          shape: [8, 12],
          index: [2, 9],
          got: 3.25,
          expected: 4.75,
          wrong: 27,
          total: 96,
          picture: { rows: 8, columns: 12, cells },
        },
      },
      stdout: "window = None\n<b>shape</b> (8, 12)\n",
    },
  ],
  ["partial", { share: 0.5, message: { en: "right for 1 of 2 shapes", zh: "两种形状中有一种正确" } }],
  [
    "error",
    {
      ...notImplemented,
      message: {
        en: "your code raised IndexError: index 12 is out of bounds",
        zh: "您的代码抛出了 IndexError：下标 12 越界",
      },
    },
  ],
  ["passed", {}],
  ["passed", {}],
  ["timeout", { message: { en: "no answer within 10 s", zh: "10 秒内没有回答" }, wallMs: 10_004 }],
  [
    "memory",
    {
      message: { en: "more than 1 GiB of memory was used", zh: "使用的内存超过 1 GiB" },
      peakBytes: 1024 ** 3,
    },
  ],
  [
    "output_limit",
    { message: { en: "more than 64 KB was printed", zh: "输出超过 64 KB" }, stdout: "step 1\n".repeat(60) },
  ],
  [
    "killed",
    { message: { en: "your process ended in the middle of the test", zh: "您的进程在测试中途结束" } },
  ],
  ["passed", { wallMs: 2210 }],
  ["passed", {}],
  ["failed", { message: { en: "a hidden message", zh: "隐藏的信息" } }],
  ["passed", {}],
];
