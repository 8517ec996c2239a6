// Texts of releasing results.
export const releaseEn = {
  "release.title": "Release results",
  "release.state": "Where it stands",
  "release.published": "Published",
  "release.not-published": "Not published: students see their visible tests, and nothing that people gave.",
  "release.is-published":
    "Tests marked “after_published”, rubric, adjustments and comments are open to everybody who is not held back.",
  "release.counts": "Students graded: {graded} of {students}. Rubric open: {left}. Held back: {held}.",
  "release.publish": "Publish to {count} students",
  "release.withdraw": "Withdraw",
  "release.withdraw.help": "Closes everything again. Who has looked has looked.",
  "release.done": "The results are published.",
  "release.withdrawn": "The results are closed again.",
  "release.held": "Held back",
  "release.held.help":
    "Their results stay closed everywhere: pages, API, live streams, exports to other systems. They are not told why, nor that they are held back.",
  "release.held.empty": "Nobody is held back",
  "release.hold": "Hold back",
  "release.hold.email": "E-mail of the student",
  "release.hold.reason": "Reason (only staff see it)",
  "release.let-go": "Let {name} go",
  "release.held.saved": "Saved.",
  "release.by": "by {name}",
} as const;

export const releaseZh: Record<keyof typeof releaseEn, string> = {
  "release.title": "发布成绩",
  "release.state": "当前状态",
  "release.published": "已发布",
  "release.not-published": "尚未发布：学生只能看到可见测试，看不到任何人工评分。",
  "release.is-published": "标为“after_published”的测试、评分细则、分数调整与批注已对未被暂缓的所有学生开放。",
  "release.counts": "已评分学生：{graded} / {students}。细则未评完：{left}。暂缓发布：{held}。",
  "release.publish": "向 {count} 名学生发布",
  "release.withdraw": "撤回",
  "release.withdraw.help": "重新关闭全部成绩。已经看过的人无法收回。",
  "release.done": "成绩已发布。",
  "release.withdrawn": "成绩已重新关闭。",
  "release.held": "暂缓发布",
  "release.held.help":
    "他们的成绩在各处保持关闭：页面、API、实时推送、导出到其他系统的文件。他们不会得知原因，也不会得知被暂缓。",
  "release.held.empty": "没有暂缓发布的学生",
  "release.hold": "暂缓发布",
  "release.hold.email": "学生邮箱",
  "release.hold.reason": "理由（仅教师与助教可见）",
  "release.let-go": "恢复发布：{name}",
  "release.held.saved": "已保存。",
  "release.by": "由 {name}",
};
