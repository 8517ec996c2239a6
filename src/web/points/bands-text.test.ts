import { expect, test } from "vitest";
import { readBands, writeBands } from "./bands-text.ts";

const written = "test_kaggle accuracy 0.6:30 0.9:90.5 bonus 0.9:0 0.95:5 on-time";

test("a line is read, and written again as it was", () => {
  const read = readBands(`\n  ${written}\n`);
  expect(read).toEqual({
    bands: [
      {
        test: "test_kaggle",
        metric: "accuracy",
        bands: [
          { value: 0.6, points: 3000 },
          { value: 0.9, points: 9050 },
        ],
        bonus: [
          { value: 0.9, points: 0 },
          { value: 0.95, points: 500 },
        ],
        bonusOnTimeOnly: true,
      },
    ],
  });
  expect(writeBands("bands" in read ? read.bands : [])).toBe(written);
});

test.each([
  "test_kaggle",
  "test_kaggle accuracy",
  "test_kaggle accuracy 0.6",
  "test_kaggle accuracy 0.6:x",
  "t m 1:-5",
])("%j is no line of cutoffs", (line) => expect(readBands(line)).toEqual({ problem: line }));

test("nothing is no cutoffs", () => expect(readBands(" \n ")).toEqual({ bands: [] }));
