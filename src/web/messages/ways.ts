// Texts of signing in elsewhere.
export const waysEn = {
  "ways.title": "Other ways to sign in",
  "ways.help": "Connect a login of your university, and sign in without the password.",
  "ways.empty": "Nothing is connected yet",
  "ways.connect": "Connect {name}",
  "ways.disconnect": "Disconnect {name}",
  "ways.connected": "Connected. You can sign in with it from now on.",
  "ways.disconnected": "Disconnected.",
  "ways.sign-in": "Sign in with {name}",
  "ways.or": "or",
  "ways.instead": "Use {name} instead of a password",
  "ways.continue.title": "Continue at {name}",
  "ways.continue": "Continue at {name}",
} as const;

export const waysZh: Record<keyof typeof waysEn, string> = {
  "ways.title": "其他登录方式",
  "ways.help": "关联学校的统一身份账号后，无需密码即可登录。",
  "ways.empty": "尚未关联任何账号",
  "ways.connect": "关联 {name}",
  "ways.disconnect": "取消关联 {name}",
  "ways.connected": "已关联，今后可用它登录。",
  "ways.disconnected": "已取消关联。",
  "ways.sign-in": "用 {name} 登录",
  "ways.or": "或",
  "ways.instead": "改用 {name} 登录，不设密码",
  "ways.continue.title": "前往 {name}",
  "ways.continue": "前往 {name}",
};
