// English, and the list of keys that every other language has to have. Placeholders stand in braces.
export const en = {
  "app.name": "Assay",
  "app.skip": "Skip to content",
  "nav.courses": "Courses",
  "nav.account": "Account",
  "nav.admin": "Administration",
  "nav.sign-out": "Sign out",
  "nav.theme": "Light or dark",
  "nav.language": "中文",
  "verdict.passed": "passed",
  "verdict.partial": "partly right",
  "verdict.failed": "not right",
  "verdict.error": "error in your code",
  "verdict.timeout": "out of time",
  "verdict.memory": "out of memory",
  "verdict.output_limit": "printed too much",
  "verdict.killed": "ended",
};
