// YAML as instructors write it, checked by a zod schema; every complaint names the key and the line.
import { isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";

export interface YamlProblem {
  line: number;
  key: string;
  message: string;
}

export class YamlError extends Error {
  readonly problems: YamlProblem[];
  constructor(file: string, problems: YamlProblem[]) {
    super(problems.map((p) => `${file}:${p.line}: ${p.key ? `${p.key}: ` : ""}${p.message}`).join("\n"));
    this.problems = problems;
  }
}

/** A file of more than this is no settings file; parsing is bounded by it. */
const YAML_LIMIT_BYTES = 256 * 1024;
/** Aliases that may be expanded: none is needed in a settings file, and bombs are made of them. */
const YAML_ALIAS_LIMIT = 20;

/** Parses and validates `text`; throws a YamlError that names every wrong key with its line. */
export function readYaml<S extends z.ZodType>(file: string, text: string, schema: S): z.output<S> {
  if (Buffer.byteLength(text) > YAML_LIMIT_BYTES) {
    throw new YamlError(file, [{ line: 1, key: "", message: `longer than ${YAML_LIMIT_BYTES} bytes` }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    logLevel: "error",
  });
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line);
  if (document.errors.length > 0) {
    throw new YamlError(
      file,
      document.errors.map((e) => ({
        line: lineAt(e.pos[0]),
        key: "",
        message: e.message.split("\n")[0] ?? "",
      })),
    );
  }
  const parsed = schema.safeParse(plain(document, file));
  if (parsed.success) return parsed.data;
  throw new YamlError(
    file,
    parsed.error.issues.flatMap((issue) => problemsOf(issue, document.contents, lineAt)),
  );
}

function plain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: YAML_ALIAS_LIMIT });
  } catch (error) {
    throw new YamlError(file, [{ line: 1, key: "", message: (error as Error).message }]);
  }
}

function problemsOf(
  issue: z.core.$ZodIssue,
  root: unknown,
  lineAt: (offset: number | undefined) => number,
): YamlProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      line: lineAt(offsetOf(root, [...issue.path, key])),
      key: [...issue.path, key].join("."),
      message: "unknown key",
    }));
  }
  if (issue.code === "invalid_union") {
    // The branch that got furthest knows best what its writer meant.
    const nested = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
    if (nested)
      return problemsOf({ ...nested, path: [...issue.path, ...nested.path] } as never, root, lineAt);
  }
  return [{ line: lineAt(offsetOf(root, issue.path)), key: issue.path.join("."), message: issue.message }];
}

/** Where the node at `path` begins; of a missing key, where the map begins that should hold it. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number | undefined {
  let node = root as Node | null;
  let offset = node?.range?.[0];
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String((item.key as { value?: unknown })?.value) === String(step),
      );
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
