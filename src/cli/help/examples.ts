// Examples and exit codes of every command, in one place: `--help` ends with them, docs/cli.md prints them, and a test
// fails for a command without.

export interface CommandHelp {
  examples: string[];
  exits: Record<number, string>;
}

const NOT_UNDERSTOOD = "the command line is not understood";
/** Commands that ask a server. */
const client = (refused = "refused; the message says why", done = "done") => ({
  0: done,
  1: NOT_UNDERSTOOD,
  2: refused,
  3: "no connection, the server failed, or a file or setting is missing here",
});
/** Commands that work on this machine. */
const local = (failed = "it failed, or the command line is not understood") => ({ 0: "done", 1: failed });

export const commandHelp: Readonly<Record<string, CommandHelp>> = {
  serve: {
    examples: ["assay serve", "PORT=8080 PUBLIC_URL=https://assay.example.edu assay serve"],
    exits: { 0: "ended by SIGTERM", 1: "it could not start" },
  },
  worker: {
    examples: ["assay worker", "assay worker --slots 4 --lanes cpu", "assay worker --images"],
    exits: { 0: "ended by SIGTERM, what it had is graded", 1: "it could not start" },
  },
  migrate: {
    examples: ["assay migrate", "assay migrate --check"],
    exits: local("it failed; with --check: something is missing"),
  },
  backup: { examples: ["assay backup /backups/assay"], exits: local() },
  restore: {
    examples: ["assay restore /backups/assay"],
    exits: local("the backup is damaged, the installation is not empty, or it failed"),
  },
  sbom: {
    examples: ["assay sbom student > student.cdx.json", "assay sbom assay > assay.cdx.json"],
    exits: local(),
  },
  doctor: {
    examples: ["assay doctor", "assay doctor --fix --yes"],
    exits: { 0: "nothing is missing", 1: "something is" },
  },
  "admin create": {
    examples: ["assay admin create you@example.edu --name 'Your Name'"],
    exits: local(),
  },
  "person export": {
    examples: ["assay person export student@example.edu --out student.zip"],
    exits: local("nobody has this e-mail, the file is there, or it failed"),
  },
  "person delete": {
    examples: [
      "assay person delete student@example.edu --reason 'asked for it'",
      "assay person delete student@example.edu --reason 'asked for it' --yes",
    ],
    exits: local("nobody has this e-mail, or something stands against it; the message says what"),
  },
  "admin allow-autograders": {
    examples: ["assay admin allow-autograders mml-2026", "assay admin allow-autograders mml-2026 --revoke"],
    exits: local(),
  },
  "lms register": {
    examples: [
      "assay lms register Moodle --issuer https://moodle.example.edu --client AbC123 \\\n      --authorization-url https://moodle.example.edu/mod/lti/auth.php \\\n      --token-url https://moodle.example.edu/mod/lti/token.php \\\n      --keys-url https://moodle.example.edu/mod/lti/certs.php --deployment 1",
    ],
    exits: local(),
  },
  "lms list": { examples: ["assay lms list", "assay lms list --json"], exits: local() },
  "lms tool": { examples: ["assay lms tool"], exits: local() },
  init: { examples: ["assay init hw5 && assay suite validate hw5"], exits: local() },
  "suite validate": {
    examples: ["assay suite validate graders/hw4-dtw", "assay suite validate hw5 --seeds 5 --json"],
    exits: {
      0: "proved",
      1: "not proved, or the command line is not understood",
      2: "the suite cannot be read",
      3: "we failed",
    },
  },
  "suite diagnose": {
    examples: ["assay suite diagnose graders/hw4-dtw"],
    exits: local("a mutant is given another's name, or what is right is given one"),
  },
  "suite import-gradescope": {
    examples: ["assay suite import-gradescope hw3-autograder.zip --points 100"],
    exits: { 0: "written", 1: "it failed", 2: "the ZIP is no autograder, or cannot be read" },
  },
  "suite publish": {
    examples: [
      "assay suite publish graders/hw4-dtw --course mml-2026",
      "assay suite publish hw5 --course mml-2026 --register",
    ],
    exits: client("refused, or not proved"),
  },
  plan: {
    examples: [
      "assay plan --students 300 --deadline 2h",
      "assay plan --students 300 --workers 2 --slots 4 --service 1.2,3,8",
    ],
    exits: local(),
  },
  "course create": {
    examples: [
      "assay course create mml-2026 --title 'Multimodal Machine Learning' --title-zh 多模态机器学习",
    ],
    exits: client(),
  },
  "course import-roster": {
    examples: [
      "assay course import-roster mml-2026 roster.csv",
      "assay course import-roster mml-2026 canvas-gradebook.csv --email-domain example.edu",
    ],
    exits: client("refused; no line was taken"),
  },
  "course copy": {
    examples: ["assay course copy mml-2026 mml-2027 --shift 364d --title 'MML 2027'"],
    exits: client(),
  },
  "course import": {
    examples: [
      "assay course import mml-2026/hw4-dtw submissions.zip",
      "assay course import mml-2026/hw4-dtw submissions.zip --people worksheet.csv --apply",
    ],
    exits: {
      0: "all of it is taken, or would be",
      1: "something is not (listed), or the command line is not understood",
      2: "the download cannot be read",
      3: "no connection, the server failed, or a file or setting is missing here",
    },
  },
  login: {
    examples: [
      "assay login --server https://assay.example.edu",
      "ASSAY_PASSWORD=… assay login --email you@example.edu --scopes read,submit --print",
    ],
    exits: client(),
  },
  "extension ask": {
    examples: [
      "assay extension ask mml-2026/hw4-dtw --until 2026-11-28T23:59:00+08:00 --reason 'ill since Monday'",
    ],
    exits: client(),
  },
  "extension list": { examples: ["assay extension list mml-2026/hw4-dtw"], exits: client() },
  "extension answer": {
    examples: [
      "assay extension answer 0199c0de-… --until 2026-11-28T23:59:00+08:00",
      "assay extension answer 0199c0de-… --refuse --words 'please use late days'",
    ],
    exits: client(),
  },
  "extension import": {
    examples: ["assay extension import mml-2026/hw4-dtw extensions.csv --reason 'network down on Friday'"],
    exits: client("refused; nobody was given more time"),
  },
  rescore: {
    examples: ["assay rescore mml-2026/hw4-dtw rules.json --reason 'test_band asked too much'"],
    exits: client(),
  },
  submit: {
    examples: [
      "assay submit mml-2026/hw4-dtw my-homework.zip --watch",
      "assay submit mml-2026/hw4-dtw ./my-homework --accept-late",
    ],
    exits: client("refused; no attempt is used up", "handed in"),
  },
  demo: {
    examples: ["assay demo", "assay demo --exit --suite hw4-dtw"],
    exits: { 0: "every row is as it should be", 1: "one is not (listed)", 3: "we failed" },
  },
  grade: {
    examples: [
      "assay grade graders/hw4-dtw my-homework.zip",
      "assay grade hw5 submission.zip --json",
      "assay grade attempt.zip --only test_banded",
    ],
    exits: {
      0: "the grading ran, whatever its points; a bundle gave what its attempt had",
      1: "a bundle gave other verdicts or points, or the command line is not understood",
      2: "the ZIP or the suite was refused",
      3: "we failed",
    },
  },
  debug: {
    examples: [
      "assay debug 0199c0de-…",
      "assay debug 0199c0de-… --in harness -- ls tests",
      "assay debug 0199c0de-… --bundle attempt.zip && assay grade attempt.zip",
      "assay debug attempt.zip -- python3 -c 'import dtw'",
    ],
    exits: {
      0: "done; of a command in a sandbox: that command's own code",
      1: NOT_UNDERSTOOD,
      2: "refused; the message says why",
      3: "no connection, the server failed, or a file or setting is missing here",
    },
  },
  completion: {
    examples: [
      'eval "$(assay completion bash)"                                  # in ~/.bashrc',
      "assay completion zsh > ~/.zfunc/_assay                           # a folder of your fpath",
      "assay completion fish > ~/.config/fish/completions/assay.fish",
    ],
    exits: local("there is no such shell"),
  },
};
