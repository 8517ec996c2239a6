// Starts the comparing process, hands it files a batch at a time, and ends it when it is late.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ComparedPair, Source } from "./compare.ts";
import type { Answer, Question } from "./compare-child.ts";

const MEMORY_MB = 1024;
export const DEADLINE_MS = 180_000;
const BATCH = 50;
const program = fileURLToPath(new URL("./compare-child.ts", import.meta.url));

/** @throws Error: why there is no answer, for staff */
export async function compareInProcess(
  sources: AsyncIterable<Source>,
  starter: string[],
  deadlineMs = DEADLINE_MS,
): Promise<ComparedPair[]> {
  const child = fork(program, {
    execArgv: [
      "--permission",
      "--allow-fs-read=*",
      "--disable-warning=SecurityWarning",
      "--disable-warning=ExperimentalWarning",
      `--max-old-space-size=${MEMORY_MB}`,
    ],
    env: {},
    serialization: "advanced",
    stdio: "ignore",
  });
  const ended = Promise.withResolvers<ComparedPair[]>();
  const late = setTimeout(
    () => ended.reject(new Error(`not done within ${deadlineMs / 1000} s`)),
    deadlineMs,
  );
  child.on("message", (answer: Answer) => {
    if ("pairs" in answer) ended.resolve(answer.pairs);
    else ended.reject(new Error(answer.fault));
  });
  child.on("error", (error) => ended.reject(error));
  child.on("exit", (code, signal) =>
    ended.reject(new Error(`the comparing process ended (${signal ?? code}), perhaps above ${MEMORY_MB} MB`)),
  );
  // Whoever waits below hears of it; until then it is nobody's unhandled rejection.
  ended.promise.catch(() => {});
  const send = (question: Question) =>
    new Promise<void>((resolve, reject) =>
      child.send(question, (error) => (error ? reject(error) : resolve())),
    );
  try {
    let batch: Source[] = [];
    for await (const source of sources) {
      batch.push(source);
      if (batch.length < BATCH) continue;
      await Promise.race([send({ sources: batch }), ended.promise]);
      batch = [];
    }
    await Promise.race([send({ sources: batch }), ended.promise]);
    await Promise.race([send({ starter }), ended.promise]);
    return await ended.promise;
  } finally {
    clearTimeout(late);
    child.kill("SIGKILL");
  }
}
