// A process that compares: it reads what students wrote, so it has a limit of memory, a deadline, and nothing else.
import { type ComparedPair, compare, type Source } from "./compare.ts";
import { pythonParser } from "./tokens.ts";

export type Question = { sources: Source[] } | { starter: string[] };
export type Answer = { pairs: ComparedPair[] } | { fault: string };

const sources: Source[] = [];

process.on("message", async (question: Question) => {
  if ("sources" in question) return void sources.push(...question.sources);
  const answer = await compared(question.starter);
  process.send!(answer, () => process.exit());
});
process.on("disconnect", () => process.exit());

async function compared(starter: string[]): Promise<Answer> {
  try {
    return { pairs: compare(await pythonParser(), sources, starter) };
  } catch (error) {
    return { fault: String(error).slice(0, 1000) };
  }
}
