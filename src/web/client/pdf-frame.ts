/// <reference lib="dom" />
// Inside the frame: draws the pages of the PDF that the page around it hands over. No scripting of the PDF's own, no
// worker (this frame has no origin to start one from), nothing fetched.
import { getDocument, type PDFDocumentProxy } from "pdfjs-dist";
// @ts-expect-error: it comes without types; pdf.js takes it from here instead of starting a worker.
import * as worker from "pdfjs-dist/build/pdf.worker.mjs";

(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = worker;

const PAGES_SHOWN = 60;
const WIDTH_PX = 900;
const root = document.querySelector<HTMLElement>("#pages");
const words = root?.dataset ?? {};

addEventListener("message", async ({ source, data }) => {
  if (source !== parent || !(data?.pdf instanceof ArrayBuffer)) return;
  try {
    const options = {
      isEvalSupported: false,
      enableXfa: false,
      disableFontFace: false,
      useSystemFonts: true,
    };
    await draw(await getDocument({ data: data.pdf, ...options }).promise, data.comments === true);
  } catch {
    const said = document.createElement("p");
    said.textContent = words.broken ?? "";
    root?.append(said);
  }
  parent.postMessage({ drawn: true }, "*");
});
parent.postMessage({ ready: true }, "*");

async function draw(pdf: PDFDocumentProxy, comments: boolean): Promise<void> {
  for (let number = 1; number <= Math.min(pdf.numPages, PAGES_SHOWN); number++) {
    const page = await pdf.getPage(number);
    const { width } = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: WIDTH_PX / width });
    const canvas = document.createElement("canvas");
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${words.page} ${number}`);
    root?.append(figureOf(number, canvas, comments));
    await page.render({ canvas, viewport }).promise;
  }
}

function figureOf(number: number, canvas: HTMLCanvasElement, comments: boolean): HTMLElement {
  const figure = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = `${words.page} ${number}`;
  if (comments) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words.comment ?? "";
    button.addEventListener("click", () => parent.postMessage({ page: number }, "*"));
    caption.append(button);
  }
  figure.append(caption, canvas);
  return figure;
}
