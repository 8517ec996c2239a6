// Texts about recognised mistakes.
export const diagnosisEn = {
  "diagnosis.title": "A known mistake that gives these very answers",
  "diagnosis.evidence":
    "All {calls} answers in this test are the ones that this mistake gives; {differing} of them differ from the right ones, first in {function}.",
  "diagnosis.others": "answers alike: {names}; therefore not shown to the student",
  "diagnosis.looking": "The report is complete. Known mistakes are being compared with it…",
  "settings.diagnosis": "Named mistakes",
  "settings.diagnosis.help": "Who is told when a submission answers as a known mistake does.",
  "settings.diagnosis.suite": "As the suite says",
  "settings.diagnosis.staff": "Staff only",
  "settings.diagnosis.after_attempts": "Students after failing the same test several times",
  "settings.diagnosis.at_once": "Students at once",
  "settings.diagnosis-attempts": "Failures of the same test before a student is told",
  "settings.diagnosis-attempts.help": "Empty: as the suite says.",
} as const;

export const diagnosisZh: Record<keyof typeof diagnosisEn, string> = {
  "diagnosis.title": "一个已知的错误会给出完全相同的结果",
  "diagnosis.evidence":
    "此测试中的 {calls} 个结果都与该错误给出的一致；其中 {differing} 个与正确结果不同，最先出现在 {function}。",
  "diagnosis.others": "结果相同的还有：{names}；因此不向学生显示",
  "diagnosis.looking": "报告已完整。正在与已知的错误比对……",
  "settings.diagnosis": "错误识别",
  "settings.diagnosis.help": "当提交的结果与某个已知错误一致时，告知谁。",
  "settings.diagnosis.suite": "按测试套件的设定",
  "settings.diagnosis.staff": "仅教学人员",
  "settings.diagnosis.after_attempts": "学生多次在同一测试失分之后",
  "settings.diagnosis.at_once": "立即告知学生",
  "settings.diagnosis-attempts": "同一测试失分几次后告知学生",
  "settings.diagnosis-attempts.help": "留空：按测试套件的设定。",
};
