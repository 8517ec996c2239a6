// Texts of what waits for GPUs: settings, the student's wait, the rota.
export const devicesEn = {
  "settings.gpu-minutes": "GPU minutes for each group and week",
  "settings.gpu-minutes.help":
    "What is not used lapses on Monday; work beyond it waits for the next week. Empty: no limit.",
  "settings.gpu-fallback": "Grade without a GPU where there is none",
  "settings.gpu-fallback.help":
    "At the suite’s reduced scale on a CPU, if the suite allows it; the report says so. Otherwise work waits for a GPU.",
  "settings.yes": "Yes",
  "settings.no": "No",
  "preflight.refused": "Not ready for the GPU",
  "preflight.refused.help":
    "A short test on a CPU found what is below. It used no attempt and no GPU time: mend it and hand in again.",
  "submission.replace": "Take {numbers} back: this one takes the place",
  "submission.replace.help":
    "An older submission of yours waits for a GPU as well. Taking it back costs nothing; it is then not graded.",
  "submission.replaced-now": "Taken back. This submission has its place in the queue.",
  "graded.gpu.id": "GPU’s id",
  "graded.gpu.peak": "GPU memory at most",
  "graded.gpu.use": "GPU use at most",
  "graded.other-device": "Graded again on another model",
  "graded.other-device.help":
    "{was} before, {is} now. Models compute alike to within rounding, for which the tests have tolerances.",
  "rerun.other-device": "{was} before, {is} now",
  "rerun.other-devices":
    "Graded on another GPU model than before: {count}. A difference near a threshold may come from that alone.",
  "graded.reduced": "Scale",
  "graded.reduced.cpu": "reduced: there was no GPU, so it ran on a CPU",
};

export const devicesZh: Record<keyof typeof devicesEn, string> = {
  "settings.gpu-minutes": "每组每周的 GPU 分钟数",
  "settings.gpu-minutes.help": "未用完的部分每周一清零；超出的评测等到下一周。留空表示不限。",
  "settings.gpu-fallback": "没有 GPU 时改用 CPU 评测",
  "settings.gpu-fallback.help": "若测试套件允许，在 CPU 上以缩小的规模运行，报告会注明。否则等待 GPU。",
  "settings.yes": "是",
  "settings.no": "否",
  "preflight.refused": "尚不能使用 GPU",
  "preflight.refused.help": "CPU 上的预检发现了下列问题。未占用提交次数和 GPU 时间：请修改后重新提交。",
  "submission.replace": "撤回 {numbers}，由本次提交顶替",
  "submission.replace.help": "您有更早的提交也在等待 GPU。撤回不占用任何次数，撤回后该次提交不再评测。",
  "submission.replaced-now": "已撤回，本次提交已顶替其排队位置。",
  "graded.gpu.id": "GPU 编号",
  "graded.gpu.peak": "显存峰值",
  "graded.gpu.use": "GPU 利用率峰值",
  "graded.other-device": "重新评分所用型号不同",
  "graded.other-device.help": "此前为 {was}，现为 {is}。不同型号的结果仅有舍入差异，测试已留有容差。",
  "rerun.other-device": "此前 {was}，现 {is}",
  "rerun.other-devices": "{count} 项在与此前不同型号的 GPU 上评分；接近阈值处的差异可能仅由此产生。",
  "graded.reduced": "规模",
  "graded.reduced.cpu": "缩小：没有可用的 GPU，因此在 CPU 上运行",
};
