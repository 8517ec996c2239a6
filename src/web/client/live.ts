// A report that grows: the server's events say that there is news, the page asks for the report as it may see it
// now. Several events while one answer is on its way become one question.

const names = ["waiting", "queue", "running", "test", "hidden_running", "finished", "cancelled", "delayed"];
/** Between two questions: enough for results that come in a burst, too short to be seen. */
const PAUSE_MS = 120;

export function followReports(): void {
  const report = document.querySelector<HTMLElement>("#report[data-live]");
  if (!report?.dataset.live) return;
  const source = new EventSource(report.dataset.live);
  let asked = false;
  let again = false;
  const ask = () => {
    if (asked) {
      again = true;
      return;
    }
    asked = true;
    document.querySelector("#report")?.dispatchEvent(new CustomEvent("assay-news"));
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
  for (const name of ["finished", "cancelled"]) source.addEventListener(name, () => source.close());
}
