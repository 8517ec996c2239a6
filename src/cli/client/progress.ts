// A grading in a terminal: a line a test as it ends, and one line that moves below. Without a terminal only the
// lines. Everything that a submission or a server chose is inert.
import { pointsText, testLines } from "../../judge/report-text.ts";
import { eventData } from "./report.ts";

const words = {
  en: {
    waiting: (ahead: number | null) => (ahead ? `waiting, ${ahead} ahead` : "waiting"),
    running: (tests: number) => (tests === 0 ? "your code is being run" : `${tests} tests have ended`),
    hidden: (count: number | null) =>
      count === null ? "hidden tests are running" : `${count} hidden tests are running`,
    finished: (score: string, max: string) => `${score} of ${max} points`,
    late: (days: number, penalty: string) => `${days} days late: ${penalty} points less`,
    closed: (count: number, points: string, passed: number | null) =>
      `${count} hidden tests, ${points} points${passed === null ? "" : `; ${passed} of them passed`}`,
    cancelled: "This attempt was taken back.",
    refused:
      "Not ready for the GPU: mend what is above and hand in again. It used no attempt and no GPU time.",
    delayed: "Something failed on our side. It costs you nothing; a person looks at it.",
  },
  zh: {
    waiting: (ahead: number | null) => (ahead ? `排队中，前面还有 ${ahead} 个` : "排队中"),
    running: (tests: number) => (tests === 0 ? "正在运行您的代码" : `已完成 ${tests} 项测试`),
    hidden: (count: number | null) => (count === null ? "正在运行隐藏测试" : `正在运行 ${count} 项隐藏测试`),
    finished: (score: string, max: string) => `得分 ${score} / ${max}`,
    late: (days: number, penalty: string) => `迟交 ${days} 天，扣 ${penalty} 分`,
    closed: (count: number, points: string, passed: number | null) =>
      `另有 ${count} 项隐藏测试，共 ${points} 分${passed === null ? "" : `；其中 ${passed} 项通过`}`,
    cancelled: "本次评测已撤回。",
    refused: "尚不能使用 GPU：请修改上述问题后重新提交。未占用提交次数和 GPU 时间。",
    delayed: "系统出现故障，不消耗您的提交次数；工作人员会处理。",
  },
};
const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME_MS = 100;

export class Progress {
  private readonly output: NodeJS.WriteStream;
  private readonly lang: "en" | "zh";
  private readonly terminal: boolean;
  private readonly seen = new Set<string>();
  private moving = "";
  private frame = 0;
  private readonly timer: NodeJS.Timeout | null;

  constructor(output: NodeJS.WriteStream, lang: "en" | "zh") {
    this.output = output;
    this.lang = lang;
    this.terminal = output.isTTY === true;
    this.timer = this.terminal ? setInterval(() => this.draw(), FRAME_MS) : null;
  }

  /** One event of the stream; what is not understood is passed over. */
  on(name: string, data: string): void {
    const say = words[this.lang];
    const read = <T>(schema: { safeParse(value: unknown): { data?: T | undefined } }) =>
      schema.safeParse(parsed(data)).data;
    if (name === "waiting") this.move(say.waiting(null));
    else if (name === "queue") this.move(say.waiting(read(eventData.queue)?.ahead ?? null));
    else if (name === "running") this.move(say.running(0));
    else if (name === "test") this.test(data);
    else if (name === "hidden_running")
      this.move(say.hidden(read(eventData.hidden_running)?.hidden?.count ?? null));
    else if (name === "finished") this.finished(data);
    else if (name === "cancelled")
      this.line(read(eventData.cancelled)?.refused ? say.refused : say.cancelled);
    else if (name === "delayed") this.line(say.delayed);
  }

  end(): void {
    if (this.timer) clearInterval(this.timer);
    this.erase();
  }

  private test(data: string): void {
    const test = eventData.test.safeParse(parsed(data)).data?.test;
    // After a lost connection a test may be told again.
    if (!test || this.seen.has(test.name)) return;
    this.seen.add(test.name);
    for (const line of testLines(test, { colour: this.terminal, lang: this.lang })) this.line(line);
    // Without a terminal the lines themselves say how far it is.
    if (this.terminal) this.move(words[this.lang].running(this.seen.size));
  }

  private finished(data: string): void {
    const told = eventData.finished.safeParse(parsed(data)).data;
    if (!told) return;
    const say = words[this.lang];
    this.line("");
    this.line(say.finished(pointsText(told.score), pointsText(told.max)));
    if (told.hidden)
      this.line(say.closed(told.hidden.count, pointsText(told.hidden.points), told.hidden.passed));
    if (told.late.days > 0) this.line(say.late(told.late.days, pointsText(told.late.penalty)));
  }

  private line(text: string): void {
    this.erase();
    this.output.write(`${text}\n`);
    this.draw();
  }

  private move(text: string): void {
    if (!this.terminal && text !== this.moving) this.output.write(`${text}\n`);
    this.moving = text;
    this.draw();
  }

  private erase(): void {
    if (this.terminal) this.output.write("\r\u001b[K");
  }

  private draw(): void {
    if (!this.terminal || this.moving === "") return;
    this.frame = (this.frame + 1) % FRAMES.length;
    const room = Math.max(10, (this.output.columns ?? 80) - 3);
    this.output.write(`\r\u001b[K${FRAMES[this.frame]} ${this.moving.slice(0, room)}`);
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
