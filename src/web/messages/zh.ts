import type { en } from "./en.ts";

export const zh: Record<keyof typeof en, string> = {
  "app.name": "Assay",
  "app.skip": "跳到正文",
  "nav.courses": "课程",
  "nav.account": "账号",
  "nav.admin": "管理",
  "nav.sign-out": "退出登录",
  "nav.theme": "浅色或深色",
  "nav.language": "English",
  "verdict.passed": "通过",
  "verdict.partial": "部分正确",
  "verdict.failed": "不正确",
  "verdict.error": "代码出错",
  "verdict.timeout": "超时",
  "verdict.memory": "内存超限",
  "verdict.output_limit": "输出过多",
  "verdict.killed": "被终止",
};
