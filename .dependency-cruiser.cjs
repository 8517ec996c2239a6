// The order of rooms (docs/architecture.md): a room may import only from rooms further down this list.
const rooms = [
  "cli",
  "web",
  "api",
  "http",
  "privacy",
  "lms",
  "insight",
  "gradebook",
  "similarity",
  "review",
  "submissions",
  "assignments",
  "suites",
  "courses",
  "notifications",
  "accounts",
  "grading",
  "judge",
  "sandbox",
  "scoring",
  "storage",
  "platform",
];

const upward = rooms.flatMap((room, place) => {
  const above = rooms.slice(0, place).filter((other) => !(room === "api" && other === "web"));
  if (above.length === 0) return [];
  return [
    {
      name: `${room}-imports-upward`,
      comment: `src/${room} stands below ${above.join(", ")}; imports go down the list only.`,
      severity: "error",
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${above.join("|")})/` },
    },
  ];
});

module.exports = {
  forbidden: [
    ...upward,
    {
      name: "api-and-web-are-siblings",
      comment: "Pages and JSON share src/http and the rooms below, never each other.",
      severity: "error",
      from: { path: "^src/(api|web)/" },
      to: { path: "^src/(api|web)/", pathNot: "^src/$1/" },
    },
    { name: "no-cycles", severity: "error", from: { path: "^src/" }, to: { circular: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
