// Texts of a Gradescope autograder's report.
export const autograderEn = {
  "whole.title": "Autograder",
  "whole.stdout": "What the autograder printed",
  "whole.one-container":
    "Graded in one container: this autograder runs beside the submission, whose code can reach the tests.",
} as const;

export const autograderZh: Record<keyof typeof autograderEn, string> = {
  "whole.title": "自动评分程序",
  "whole.stdout": "自动评分程序的输出",
  "whole.one-container": "在同一容器内评分：该自动评分程序与提交的代码一同运行，代码可以接触到测试。",
};
