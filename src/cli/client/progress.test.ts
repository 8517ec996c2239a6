import { expect, test } from "vitest";
import { resultOf } from "../../api/testing/grade.ts";
import { Progress } from "./progress.ts";

function shown(feed: (progress: Progress) => void, isTTY = false): string {
  const parts: string[] = [];
  const output = { isTTY, columns: 80, write: (part: string) => parts.push(part) };
  const progress = new Progress(output as unknown as NodeJS.WriteStream, "en");
  feed(progress);
  progress.end();
  return parts.join("");
}
const told = (change: object) => JSON.stringify({ test: resultOf("test_seen", change) });

test("what a submission printed moves no cursor and opens no link", () => {
  const evil = "\u001b[2J\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007\r\u009b31mred\u202e";
  const text = shown((progress) => {
    progress.on("test", told({ stdout: evil, traceback: evil, message: { en: evil, zh: evil } }));
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(text).toContain("click");
});

test("a test that is told twice is shown once", () => {
  const text = shown((progress) => {
    for (let n = 0; n < 2; n++) progress.on("test", told({}));
  });
  expect(text.match(/test_seen/g)).toHaveLength(1);
});

test("the end says points, what is hidden, and lateness", () => {
  const data = {
    score: 1000,
    max: 1500,
    late: { days: 2, penalty: 200 },
    hidden: { count: 3, points: 3000, passed: null },
  };
  const text = shown((progress) => progress.on("finished", JSON.stringify(data)));
  expect(text).toContain("10.00 of 15.00 points");
  expect(text).toContain("3 hidden tests, 30.00 points");
  expect(text).toContain("2 days late: 2.00 points less");
});

test("events that are not understood are passed over", () => {
  expect(
    shown((progress) => {
      for (const name of ["test", "queue", "finished", "news"]) progress.on(name, "{");
    }),
  ).not.toContain("undefined");
});
