import { failWith } from "../platform/errors.ts";

export const accountErrors = {
  bad_sign_in: {
    status: 401,
    en: "E-mail or password is wrong. Check both, or ask for a new link to set your password.",
    zh: "邮箱或密码不正确。请核对后重试，或申请新的密码设置链接。",
  },
  too_many_sign_ins: {
    status: 429,
    en: "Too many failed sign-ins. Wait {minutes} minutes and try again.",
    zh: "登录失败次数过多。请等待 {minutes} 分钟后再试。",
  },
  sign_in_needed: {
    status: 401,
    en: "Sign in first, or send an API token as “Authorization: Bearer assay_…”.",
    zh: "请先登录，或以 “Authorization: Bearer assay_…” 发送 API 令牌。",
  },
  bad_token: {
    status: 401,
    en: "This API token is unknown, expired or revoked. Make a new one with “assay login”.",
    zh: "该 API 令牌无效、已过期或已撤销。请用 “assay login” 重新获取。",
  },
  insufficient_scope: {
    status: 403,
    en: "This token lacks the scope “{scope}”. Make one that has it.",
    zh: "该令牌缺少权限范围 “{scope}”。请创建具有该权限的令牌。",
  },
  session_needed: {
    status: 403,
    en: "Tokens are managed after signing in with your password, not with a token.",
    zh: "令牌只能在用密码登录后管理，不能用令牌操作。",
  },
  email_taken: {
    status: 409,
    en: "A person with the e-mail {email} exists already.",
    zh: "已存在邮箱为 {email} 的用户。",
  },
  oidc_refused: {
    status: 422,
    en: "Signing in there did not work: {why}. Start again from the sign-in page.",
    zh: "统一身份认证未成功：{why}。请从登录页面重新开始。",
  },
  oidc_unknown: {
    status: 403,
    en: "This login is not connected to anybody here yet. Sign in with your password, or open your invitation link, and connect it there.",
    zh: "该统一身份账号尚未与本系统中的用户关联。请用密码登录或打开邀请链接，然后在其中关联。",
  },
  way_taken: {
    status: 409,
    en: "This login is connected to another person here. Sign out there, and sign in as yourself.",
    zh: "该统一身份账号已与本系统中的其他用户关联。请先在对方系统退出，再以本人身份登录。",
  },
  weak_password: {
    status: 422,
    en: "A password has between {min} and {max} characters. Choose another.",
    zh: "密码长度应为 {min} 至 {max} 个字符，请重新选择。",
  },
  bad_invitation: {
    status: 422,
    en: "This link has been used or has expired. Ask for a new one.",
    zh: "该链接已被使用或已过期，请申请新的链接。",
  },
  too_many_tokens: {
    status: 422,
    en: "You have {limit} tokens already. Revoke one that you no longer use.",
    zh: "您已有 {limit} 个令牌。请先撤销不再使用的令牌。",
  },
  admin_only: {
    status: 403,
    en: "Only an administrator of this installation may do this.",
    zh: "只有本系统的管理员可以执行此操作。",
  },
  last_admin: {
    status: 409,
    en: "The installation keeps at least one administrator who can sign in. Make someone else one first.",
    zh: "系统至少需要一名可登录的管理员。请先指定另一名管理员。",
  },
  not_found: {
    status: 404,
    en: "There is nothing here, or it is not yours to see.",
    zh: "此处没有内容，或您无权查看。",
  },
} as const;

export const fail = failWith(accountErrors);
