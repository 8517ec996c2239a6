// A part of a page that grows: the server's events say that there is news, the page asks for the part as it may see
// it now. Several events while one answer is on its way become one question.

const names = [
  ...["waiting", "queue", "running", "test", "hidden_running", "finished", "cancelled", "delayed"],
  ...["diagnosed", "changed", "ended"],
];
const last = ["finished", "cancelled", "diagnosed", "ended"];
/** Between two questions: enough for results that come in a burst, too short to be seen. */
const PAUSE_MS = 120;

export function followReports(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (part.dataset.live) follow(part.id, part.dataset.live);
  }
}

function follow(id: string, address: string): void {
  const source = new EventSource(address);
  let asked = false;
  let again = false;
  const ask = () => {
    if (asked) {
      again = true;
      return;
    }
    asked = true;
    document.getElementById(id)?.dispatchEvent(new CustomEvent("assay-news"));
  };
  const answered = () =>
    setTimeout(() => {
      asked = false;
      if (!again) return;
      again = false;
      ask();
    }, PAUSE_MS);
  document.addEventListener("htmx:finally:request", answered);
  for (const name of names) source.addEventListener(name, ask);
  for (const name of last) {
    source.addEventListener(name, (event) => {
      if (!more((event as MessageEvent<string>).data)) source.close();
    });
  }
}

/** Whether an end says that something follows it: mistakes are still looked for. */
function more(data: string): boolean {
  try {
    return JSON.parse(data).diagnosing === true;
  } catch {
    return false;
  }
}
