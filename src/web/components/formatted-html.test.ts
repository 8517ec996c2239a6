import { expect, test } from "vitest";
import { formattedHtml } from "./formatted-html.ts";

test.each([
  ["a script", "<script>alert(1)</script>hi", "hi"],
  ["a handler", '<b onclick="x()">hi</b>', "<b>hi</b>"],
  [
    "what htmx obeys",
    '<div hx-get="/x" data-hx-get="/y" class="btn" id="report" style="color:red">hi</div>',
    "<div>hi</div>",
  ],
  ["a picture from elsewhere", '<img src="https://elsewhere.example/pixel.png">hi', "hi"],
  ["a link that runs", '<a href="javascript:alert(1)">hi</a>', '<a rel="noopener noreferrer">hi</a>'],
  ["a form", '<form action="/sign-out" method="post"><button>hi</button></form>', "hi"],
  ["a heading above the page's own", "<h1>hi</h1>", "<h3>hi</h3>"],
])("of HTML, %s is not kept", (_, text, html) => {
  expect(formattedHtml(text, "html")).toBe(html);
});

test("simple_format keeps line breaks", () => {
  expect(formattedHtml("one\ntwo", "simple_format")).toBe("one<br />two");
});

test("Markdown is rendered, HTML in it stays text", () => {
  expect(formattedHtml("*hi* <b>there</b>", "md")).toBe("<p><em>hi</em> &lt;b&gt;there&lt;/b&gt;</p>\n");
});

test("text and ansi are no HTML", () => {
  expect(formattedHtml("<b>hi</b>", "text")).toBeNull();
  expect(formattedHtml("<b>hi</b>", "ansi")).toBeNull();
});
