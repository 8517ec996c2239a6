import { expect, test } from "vitest";
import { renderSheet } from "./sheet.ts";

const html = (markdown: string) => renderSheet(markdown).html;

test.each([
  ["<script>alert(1)</script>", "<script"],
  ['<img src=x onerror="alert(1)">', "<img"],
  ["![x](https://elsewhere.example/pixel.png)", "<img"],
  ['<div hx-get="/sign-out" style="position:fixed">x</div>', "<div"],
  ["[x](javascript:alert(1))", "<a "],
  ["[x](data:text/html,<script>alert(1)</script>)", 'href="data'],
  ["$\\href{javascript:alert(1)}{x}$", "<a "],
  ["$\\htmlClass{btn}{x}$", 'class="btn'],
  ["`$x$` and ~~~\n<b>\n~~~", "<b>"],
])("%s brings no markup of its own into the page", (markdown, forbidden) => {
  expect(html(markdown)).not.toContain(forbidden);
});

test("links leave the page without a word about it", () => {
  expect(html("[numpy](https://numpy.org)")).toContain(
    '<a href="https://numpy.org" rel="noopener noreferrer">',
  );
});

test.each([
  ["写出精确\n算法，\n再加窗口", "写出精确算法，再加窗口"],
  ["用 numpy\n与标准库", "用 numpy\n与标准库"],
  ["one\ntwo", "one\ntwo"],
])("lines of %j are joined as the language does", (markdown, text) =>
  expect(html(markdown)).toBe(`<p>${text}</p>\n`),
);

test("a formula keeps its source for screen readers, and its style attributes become rules", () => {
  const sheet = renderSheet("Inline $x_i^2$ here.\n\n$$\\frac{a}{b}$$");
  expect(sheet.html).toContain('encoding="application/x-tex">x_i^2<');
  expect(sheet.html).toContain("katex-display");
  expect(sheet.html).not.toContain("style=");
  expect(sheet.css).toContain("height:");
});

test("two prices are no formula, and code is none either", () => {
  expect(renderSheet("It costs $5 and then $6.").hasMath).toBe(false);
  expect(renderSheet("`$x$`").hasMath).toBe(false);
});

test("a formula that cannot be read is shown as it was written", () => {
  expect(html("$\\frac{a$")).toContain("\\frac{a");
});

test("nobody writes a placeholder by hand", () => {
  expect(html("\uE0000\uE001 $x$")).not.toMatch(/katex.*katex-html.*katex-mathml.*katex-mathml/);
});

test("headings go one level down, since the page has the title", () => {
  const text = html("# Title\n\n## Part\n");
  expect(text).toContain("<h3>Part</h3>");
  expect(text).not.toContain("Title");
});

test("an author's comment is not for readers, but in code", () => {
  const sheet = html("One\n\n<!-- constants -->\n\nTwo `<!-- a -->`\n\n```\n<!-- b -->\n```");
  expect(sheet).not.toContain("constants");
  expect(sheet).toContain("&lt;!-- a --&gt;");
  expect(sheet).toContain("&lt;!-- b --&gt;");
  expect(sheet).toMatch(/<p>One<\/p>\s*<p>Two/);
});
