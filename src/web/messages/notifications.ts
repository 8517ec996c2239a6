// Texts of the page of notifications.
export const notificationsEn = {
  "notifications.title": "Notifications",
  "notifications.unread": "Notifications, unread: {count}",
  "notifications.empty": "Nothing new",
  "notifications.empty-help": "You are told here when results are out or a request is answered.",
  "notifications.read-all": "Mark all as read",
  "notifications.new": "new",
  "notifications.mail": "By e-mail",
  "notifications.mail.help": "Sent to {email} where this installation sends mail. No mail names a result.",
  "notifications.mail.save": "Save",
  "notifications.saved": "Saved.",
  "notifications.kind.results_published": "Results are published",
  "notifications.kind.regrade_asked": "A regrade request waits (staff)",
  "notifications.kind.regrade_answered": "My regrade request is answered",
  "notifications.older": "Older",
} as const;

export const notificationsZh: Record<keyof typeof notificationsEn, string> = {
  "notifications.title": "通知",
  "notifications.unread": "通知，未读 {count} 条",
  "notifications.empty": "暂无通知",
  "notifications.empty-help": "成绩发布或申请得到答复时，会在这里通知您。",
  "notifications.read-all": "全部标为已读",
  "notifications.new": "新",
  "notifications.mail": "邮件通知",
  "notifications.mail.help": "如本系统已配置邮件，将发送至 {email}。邮件中不含成绩。",
  "notifications.mail.save": "保存",
  "notifications.saved": "已保存。",
  "notifications.kind.results_published": "成绩发布",
  "notifications.kind.regrade_asked": "有复核申请待答复（教师与助教）",
  "notifications.kind.regrade_answered": "我的复核申请得到答复",
  "notifications.older": "更早的通知",
};
