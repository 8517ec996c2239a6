// Handing in with progress: a ZIP is dropped or chosen, sent to the API, and its errors stand beside the form.

export function enhanceUploads(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) new Upload(form);
}

/** The whole file is in memory while it is hashed. */
const CLAIM_LIMIT_BYTES = 512 * 1024 * 1024;

class Upload {
  private readonly form: HTMLFormElement;
  private readonly file: HTMLInputElement;
  private readonly button: HTMLButtonElement;
  private readonly progress: HTMLElement;
  /** Only where lateness costs something: an assignment’s form. */
  private readonly late: HTMLElement | null;
  /** Of the chosen file: sending it twice makes one submission. */
  private key = crypto.randomUUID();

  constructor(form: HTMLFormElement) {
    this.form = form;
    this.file = form.querySelector<HTMLInputElement>("input[type=file]")!;
    this.button = form.querySelector<HTMLButtonElement>("button")!;
    this.progress = form.querySelector<HTMLElement>("[data-upload-progress]")!;
    this.late = form.querySelector<HTMLElement>("[data-late]");
    this.file.addEventListener("change", () => {
      this.key = crypto.randomUUID();
      this.say(null);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.begin();
    });
    this.acceptDrops(form.querySelector<HTMLElement>("[data-drop]")!);
  }

  private acceptDrops(zone: HTMLElement): void {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.classList.toggle("over", event.type !== "dragleave");
    };
    for (const name of ["dragenter", "dragover", "dragleave"] as const) zone.addEventListener(name, over);
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (!event.dataTransfer?.files.length) return;
      this.file.files = event.dataTransfer.files;
      this.file.dispatchEvent(new Event("change", { bubbles: true }));
      this.button.focus();
    });
  }

  private async begin(): Promise<void> {
    const file = this.file.files?.[0];
    if (!file || this.button.disabled) return;
    this.say(null);
    this.button.disabled = true;
    const { parts, partsFrom = "" } = this.form.dataset;
    if (parts && file.size >= Number(partsFrom)) return this.sendParts(file, parts);
    const refusal = await this.claim(file);
    if (refusal === null) this.send(file);
    else this.refused(refusal);
  }

  /** Days of lateness that were agreed to. */
  private get agreed(): string {
    const box = this.late?.querySelector<HTMLInputElement>("input[type=checkbox]");
    return box?.checked ? (this.late?.dataset.late ?? "0") : "0";
  }

  /** What is late is not sent before it was agreed to: the form says what it costs, and asks. */
  private refused({ code, message, params }: Refusal): void {
    if (code !== "late_not_accepted" || !this.late) {
      this.failed(`${message}\n${this.form.dataset.nothingUsed}`);
      return;
    }
    const box = this.late.querySelector<HTMLInputElement>("input[type=checkbox]")!;
    this.late.querySelector("[data-late-words]")!.textContent = message;
    this.late.dataset.late = String(params?.days ?? 0);
    this.late.hidden = false;
    box.checked = false;
    box.required = true;
    this.button.disabled = false;
    this.progress.hidden = true;
    box.focus();
  }

  /**
   * Tells the server which bytes will come, so that a slow line costs no time: they count from now. Answers why they
   * are refused, or null. Where it cannot be told, the bytes are sent all the same and count at their last.
   */
  private async claim(file: File): Promise<Refusal | null> {
    // Browsers hash only on pages that came safely (https, or this machine).
    const { claim } = this.form.dataset;
    if (!claim || !crypto.subtle || file.size > CLAIM_LIMIT_BYTES) return null;
    try {
      const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
      const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      const answer = await fetch(claim, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ sha256, bytes: file.size, acceptLate: Number(this.agreed) }),
      });
      if (answer.ok || answer.status >= 500) return null;
      return read(await answer.text()).error ?? null;
    } catch {
      return null;
    }
  }

  private send(file: File): void {
    const request = new XMLHttpRequest();
    const agreed = this.late ? `&acceptLate=${this.agreed}` : "";
    const query = `name=${encodeURIComponent(file.name)}${agreed}`;
    request.open("POST", `${this.form.dataset.upload}&${query}`);
    request.setRequestHeader("Idempotency-Key", this.key);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => this.show(file.name, loaded / total));
    request.addEventListener("load", () => this.answered(request.status, request.responseText));
    request.addEventListener("error", () => this.failed(this.form.dataset.broken ?? ""));
    request.send(file);
  }

  /** What is large goes on after a broken connection; choosing the same file again goes on, too. */
  private async sendParts(file: File, endpoint: string): Promise<void> {
    const { preparing = "", waiting = "" } = this.form.dataset;
    try {
      const { sendInParts } = await import("./upload-parts.ts");
      const answer = await sendInParts(endpoint, file, this.agreed, {
        hashed: (share) => this.progressWith(preparing.replace("{name}", file.name), share),
        sent: (share) => this.show(file.name, share),
        broken: () => this.progressWith(waiting, null),
      });
      this.answered(answer.status, answer.text);
    } catch {
      this.failed(this.form.dataset.partsBroken ?? "");
    }
  }

  private show(name: string, share: number): void {
    const { sending = "", checking = "" } = this.form.dataset;
    this.progressWith(share < 1 ? sending.replace("{name}", name) : checking, share);
  }

  /** @param share null: as much as there was */
  private progressWith(words: string, share: number | null): void {
    this.progress.hidden = false;
    if (share !== null) this.progress.querySelector("progress")!.value = share * 100;
    const place = this.progress.querySelector("p")!;
    // Said once, not at every byte: a screen reader reads out each change.
    if (place.textContent !== words) place.textContent = words;
  }

  private answered(status: number, text: string): void {
    const answer = read(text);
    if (status < 300 && answer.id)
      location.assign(`${this.form.dataset.goes ?? "/submissions/"}${answer.id}`);
    else this.refused(answer.error ?? { code: "", message: this.form.dataset.broken ?? "" });
  }

  private failed(words: string): void {
    this.button.disabled = false;
    this.progress.hidden = true;
    this.say(words);
    this.file.focus();
  }

  /** Into the page's place for it, which screen readers announce. */
  private say(words: string | null): void {
    const place = document.querySelector<HTMLElement>("[data-upload-problem]")!;
    place.replaceChildren();
    if (words === null) return;
    const title = element("p", "font-semibold", this.form.dataset.failed ?? "");
    const text = element("div", "whitespace-pre-line wrap-anywhere", words);
    const alert = element("div", "rounded-box border border-l-4 border-error bg-base-100 px-4 py-3", "");
    alert.setAttribute("role", "alert");
    alert.append(title, text);
    place.append(alert);
  }
}

function element(name: string, classes: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.className = classes;
  made.textContent = text;
  return made;
}

interface Refusal {
  code: string;
  message: string;
  params?: Record<string, string | number>;
}

function read(text: string): { id?: string; error?: Refusal } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
