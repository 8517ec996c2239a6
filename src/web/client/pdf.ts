/// <reference lib="dom" />
/** Hands each frame its PDF, which only this page may fetch; a page chosen in it goes into the form for comments. */
export function showPdfs(): void {
  const frames = [...document.querySelectorAll<HTMLIFrameElement>("iframe[data-pdf]")];
  if (frames.length === 0) return;
  addEventListener("message", ({ source, data }) => {
    const frame = frames.find(({ contentWindow }) => contentWindow === source);
    if (!frame) return;
    if (data?.ready === true) void hand(frame);
    if (data?.drawn === true) frame.dataset.drawn = "";
    if (Number.isSafeInteger(data?.page)) commentOn(Number(data.page));
  });
  // A frame may have been ready before this script was: it says so again when it is loaded anew.
  for (const frame of frames) frame.src = frame.dataset.frame ?? "/pdf-frame";
}

async function hand(frame: HTMLIFrameElement): Promise<void> {
  const answer = await fetch(frame.dataset.pdf ?? "");
  if (!answer.ok) return;
  const pdf = await answer.arrayBuffer();
  const comments = document.querySelector("#comments input[name=line]") !== null;
  // It has no origin that could be named; the window is the one that we made.
  frame.contentWindow?.postMessage({ pdf, comments }, "*", [pdf]);
}

function commentOn(page: number): void {
  const line = document.querySelector<HTMLInputElement>("#comments input[name=line]");
  if (line) line.value = String(page);
  document.querySelector<HTMLElement>("#comments textarea")?.focus();
}
