// Somebody else's grader on the same machine, timed by its own API with the smallest of suites. Its code is no part
// of this repository: only the addresses that it answers at are named here.
import { setTimeout as sleep } from "node:timers/promises";
import { type Figure, figure } from "./figures.ts";

const POLL_MS = 20;
const ONE_LIMIT_MS = 120_000;
const MAKEFILE = "autograde:\n\t@python3 work.py\n";
const WORK = 'print("{\\"scores\\": {\\"twice\\": " + str(int((lambda x: 2 * x)(2) == 4)) + "}}")\n';

/** @param peer `tango=http://HOST:PORT/KEY`, and `,image=NAME` where its image is not `autograding_image` */
export async function peerFigures(peer: string, rounds: number): Promise<Figure[]> {
  const [, name, address, image = "autograding_image"] = /^(\w+)=([^,]+)(?:,image=(.+))?$/.exec(peer) ?? [];
  if (name !== "tango" || address === undefined) throw new Error("--peer takes tango=URL/KEY[,image=NAME]");
  const at = new Tango(address.replace(/\/+$/, ""), image);
  await at.open();
  const took: number[] = [];
  // The first fills its caches and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const seconds = await at.grade(round);
    if (round > 0) took.push(seconds);
  }
  return [figure("peer_tango_report_s", took)];
}

/** Autolab's Tango: open, upload, addJob, poll (its REST API, version 1). */
class Tango {
  private readonly url: string;
  private readonly image: string;
  private readonly lab = `assay-bench-${Date.now()}`;

  constructor(address: string, image: string) {
    this.url = address;
    this.image = image;
  }

  private path(verb: string): string {
    const { origin, pathname } = new URL(this.url);
    return `${origin}/${verb}${pathname}/${this.lab}/`;
  }

  async open(): Promise<void> {
    await this.ask(this.path("open"));
    await this.upload("autograde-Makefile", MAKEFILE);
  }

  /** Seconds from the end of the upload to the feedback. */
  async grade(round: number): Promise<number> {
    const name = `work-${round}.py`;
    await this.upload(name, WORK);
    const began = performance.now();
    const output = `out-${round}.txt`;
    await this.ask(this.path("addJob"), {
      image: this.image,
      files: [
        { localFile: "autograde-Makefile", destFile: "Makefile" },
        { localFile: name, destFile: "work.py" },
      ],
      output_file: output,
      timeout: ONE_LIMIT_MS / 1000,
      jobName: output,
    });
    while (performance.now() - began < ONE_LIMIT_MS) {
      const answer = await fetch(`${this.path("poll")}${output}/`);
      const text = await answer.text();
      if (answer.ok && text.includes('"scores"')) return (performance.now() - began) / 1000;
      await sleep(POLL_MS);
    }
    throw new Error(`the peer did not answer within ${ONE_LIMIT_MS} ms`);
  }

  private async upload(filename: string, text: string): Promise<void> {
    const answer = await fetch(this.path("upload"), { method: "POST", headers: { filename }, body: text });
    await this.check(answer);
  }

  private async ask(url: string, body?: object): Promise<void> {
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    await this.check(await fetch(url, sent));
  }

  private async check(answer: Response): Promise<void> {
    const said = (await answer.json()) as { statusId?: number; statusMsg?: string };
    if (!answer.ok || said.statusId !== 0)
      throw new Error(`the peer said: ${said.statusMsg ?? answer.status}`);
  }
}
