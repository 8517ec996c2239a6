// What goes wrong between a learning platform and us, in words.
import { failWith } from "../platform/errors.ts";

export const lmsErrors = {
  lms_unknown: {
    status: 404,
    en: "No learning platform is registered here as {issuer}. Ask the administrator of Assay to register it.",
    zh: "本系统未登记学习平台 {issuer}。请联系 Assay 管理员登记。",
  },
  lms_refused: {
    status: 422,
    en: "This launch cannot be taken: {why}. Go back to the course and open the link again.",
    zh: "无法接受此次启动：{why}。请返回课程页面重新打开链接。",
  },
  lms_other_browser: {
    status: 422,
    en: "This launch was not begun in this browser window, or it took too long. Open the link in a new window: inside a frame of another site, browsers keep no cookies.",
    zh: "此次启动不是在本浏览器窗口发起的，或已超时。请在新窗口中打开链接：嵌入其他网站时浏览器不保存 Cookie。",
  },
  lms_not_connected: {
    status: 409,
    en: "This course is not connected with Assay yet. Its instructor opens the link once and chooses the course.",
    zh: "该课程尚未与 Assay 关联。请由任课教师先打开一次链接并选择课程。",
  },
} as const;

export const fail = failWith(lmsErrors);
