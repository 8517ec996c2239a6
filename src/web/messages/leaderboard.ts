// Texts of the leaderboard.
export const leaderboardEn = {
  "leaderboard.title": "Leaderboard",
  "leaderboard.lead": "Each student's best. Hidden tests have no part in it.",
  "leaderboard.rank": "Rank",
  "leaderboard.who": "Who",
  "leaderboard.you": "you",
  "leaderboard.empty": "Nobody is on it yet",
  "leaderboard.empty-help": "It fills with graded submissions.",
  "leaderboard.name.show": "Show my name",
  "leaderboard.name.hide": "Use a pseudonym again",
  "leaderboard.name.help": "Others see a pseudonym unless you choose otherwise.",
  "leaderboard.saved": "Saved.",
  "leaderboard.off": "Students do not see it: it is off.",
  "leaderboard.turn-on": "Turn it on",
  "leaderboard.turn-off": "Turn it off",
} as const;

export const leaderboardZh: Record<keyof typeof leaderboardEn, string> = {
  "leaderboard.title": "排行榜",
  "leaderboard.lead": "每名学生的最佳结果，与隐藏测试无关。",
  "leaderboard.rank": "名次",
  "leaderboard.who": "参与者",
  "leaderboard.you": "您",
  "leaderboard.empty": "榜上还没有人",
  "leaderboard.empty-help": "有评分结果后会显示。",
  "leaderboard.name.show": "显示我的姓名",
  "leaderboard.name.hide": "恢复使用化名",
  "leaderboard.name.help": "除非您另行选择，他人只能看到化名。",
  "leaderboard.saved": "已保存。",
  "leaderboard.off": "学生看不到：排行榜未开启。",
  "leaderboard.turn-on": "开启",
  "leaderboard.turn-off": "关闭",
};
