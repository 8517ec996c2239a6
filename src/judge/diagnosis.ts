// The mistake behind a failed test: which of the suite's known wrong solutions answers as the submission did. The
// harness finds it (sandbox/harness/assay_harness/diagnosing.py); here is what it needs for that, and the words.
import type { DiagnosedTest } from "../sandbox/events.ts";
import type { Diagnosis } from "./diagnosis-words.ts";
import { filesUnder, type Mutant, type SuiteFile, suiteOf, tarOf, untar } from "./read-suite.ts";
import type { SuiteConfig } from "./suite.ts";
import type { Words } from "./words.ts";

/** Where the harness finds the mutants, since it reads no YAML. */
const INDEX = "mutants/index.json";
const DEFAULT_SECONDS = 5;

export interface TestDiagnosis {
  /** The test's name. */
  test: string;
  diagnosis: Diagnosis;
}

/** The suite's tar with its mutants in a form that the harness reads. */
export async function withMutantIndex(tar: Buffer): Promise<Buffer> {
  const files = (await untar(tar)).filter(({ path }) => path !== INDEX);
  const mutants = mutantsIn(files);
  if (mutants.length === 0) return tar;
  const index = mutants.map(({ name, fails, change }) => ({ name, fails, change }));
  return tarOf([...files, { path: INDEX, bytes: Buffer.from(JSON.stringify(index)) }]);
}

/** How the harness is asked; null where there is nothing to look for. Versions from before have no such settings. */
export function wishOf(config: SuiteConfig): { seconds: number; pairs: boolean } | null {
  const limits: Partial<SuiteConfig["limits"]> = config.limits;
  const seconds = limits.diagnose ?? DEFAULT_SECONDS;
  const settings: Partial<SuiteConfig["diagnosis"]> = config.diagnosis ?? {};
  return seconds > 0 ? { seconds, pairs: settings.pairs ?? true } : null;
}

/** The harness's findings in the suite's own words. Names that the suite does not have are dropped. */
export async function inWords(found: DiagnosedTest[], suite: NamedSuite): Promise<TestDiagnosis[]> {
  if (found.length === 0) return [];
  const known = await wordsOf(suite);
  return found.flatMap(({ name, mutants, others, evidence }) => {
    const named = mutants.flatMap((mutant) => known.get(mutant) ?? []);
    if (named.length !== mutants.length) return [];
    const words = {
      mutant: joined(mutants),
      title: together(named.map(({ title }) => title)),
      hint: together(named.map(({ hint }) => hint)),
    };
    return [{ test: name, diagnosis: { ...words, evidence, others: others.map(joined) } }];
  });
}

interface NamedSuite {
  hash: string;
  tar(): Promise<Buffer>;
}

/** Of the versions used lately, by hash: reading fifty files of YAML anew would hold up what is graded meanwhile. */
const lately = new Map<string, Promise<Map<string, MutantWords>>>();
const LATELY_LIMIT_COUNT = 16;
type MutantWords = Pick<Mutant, "title" | "hint">;

function wordsOf({ hash, tar }: NamedSuite): Promise<Map<string, MutantWords>> {
  const read = async () =>
    new Map(mutantsIn(await untar(await tar())).map(({ name, title, hint }) => [name, { title, hint }]));
  const words = lately.get(hash) ?? read();
  lately.delete(hash);
  lately.set(hash, words);
  words.catch(() => lately.delete(hash));
  if (lately.size > LATELY_LIMIT_COUNT) lately.delete(lately.keys().next().value!);
  return words;
}

const joined = (names: string[]) => names.join(" + ");

const together = (parts: Words[]): Words => ({
  en: parts.map(({ en }) => en).join(" "),
  zh: parts.map(({ zh }) => zh).join(" "),
});

/** A version that can no longer be read has no mutants: its grading goes on without. */
function mutantsIn(files: SuiteFile[]): Mutant[] {
  if (filesUnder(files, "mutants").length === 0) return [];
  try {
    return suiteOf(files).mutants;
  } catch {
    return [];
  }
}
