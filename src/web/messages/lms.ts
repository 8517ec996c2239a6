// Texts of learning platforms.
export const lmsEn = {
  "lms.title": "Learning platform",
  "lms.counts": "{platform}: {sent} sent, {waiting} waiting, {failed} failed",
  "lms.help":
    "Points go there as each student may see them here: after publication, and never while held back.",
  "lms.retry": "Send again what failed",
  "lms.retried": "What failed will be sent again.",
  "lms.connect.title": "Connect {platform}",
  "lms.connect.help":
    "{platform} sent you as {there}. You are signed in here as {here}. Connect the two only if both are you.",
  "lms.connect.do": "Both are me: connect",
  "lms.course.title": "Which course is this?",
  "lms.course.help":
    "Whoever follows a link in {platform} comes on this course's roster, as what they are there.",
  "lms.course.empty": "You are an instructor of no course here. Ask an administrator for one.",
  "lms.assignment.title": "Which assignment does this link lead to?",
  "lms.assignment.help": "Its points will be sent to {platform} once they are published.",
  "lms.assignment.no-points": "{platform} offers no column of points with this link, so none are sent.",
  "lms.assignment.empty": "This course has no assignments yet",
  "lms.choose": "Connect",
} as const;

export const lmsZh: Record<keyof typeof lmsEn, string> = {
  "lms.title": "学习平台",
  "lms.counts": "{platform}：已发送 {sent}，等待 {waiting}，失败 {failed}",
  "lms.help": "分数按学生在此处可见的内容发送：公布之后才发送，暂扣期间不发送。",
  "lms.retry": "重新发送失败的分数",
  "lms.retried": "失败的分数将重新发送。",
  "lms.connect.title": "关联 {platform}",
  "lms.connect.help": "{platform} 上您的身份是 {there}，您在此处以 {here} 登录。仅当两者都是您本人时才关联。",
  "lms.connect.do": "两者都是我：关联",
  "lms.course.title": "这是哪门课程？",
  "lms.course.help": "在 {platform} 中打开链接的人会按其在该平台的角色加入本课程名册。",
  "lms.course.empty": "您在此处没有任教的课程，请联系管理员。",
  "lms.assignment.title": "该链接对应哪个作业？",
  "lms.assignment.help": "成绩公布后，分数会发送到 {platform}。",
  "lms.assignment.no-points": "{platform} 未随该链接提供成绩栏，因此不发送分数。",
  "lms.assignment.empty": "该课程还没有作业",
  "lms.choose": "关联",
};
