// Texts about when an upload counts, and about its receipt.
export const deadlineEn = {
  "deadline.claimed":
    "It counts from the moment you submit, however slow your line: your browser first tells us the fingerprint of your ZIP, and the same bytes have {minutes} minutes to arrive.",
  "deadline.unclaimed":
    "Without scripts your ZIP counts when its last byte has arrived. Begin early enough, or use the command line.",
  "deadline.completed": "Last byte",
  "deadline.receipt": "Download",
} as const;

export const deadlineZh: Record<keyof typeof deadlineEn, string> = {
  "deadline.claimed":
    "无论网速快慢，提交时间以您点击提交的时刻为准：浏览器会先告知 ZIP 的指纹，相同内容须在 {minutes} 分钟内传完。",
  "deadline.unclaimed": "未启用脚本时，以最后一个字节到达的时间为准。请尽早提交，或使用命令行。",
  "deadline.completed": "上传完成",
  "deadline.receipt": "下载",
};
