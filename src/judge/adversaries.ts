// Submissions that know nothing and try everything: whatever they answer, they must not score more than the
// starter, and must not surprise a test. They stand in for every module that a suite requires.
import type { SuiteFile } from "./read-suite.ts";

/** Answers whatever is asked of a module, a class or an instance, with `answer(*args)`. */
const module = (answer: string) => `import sys, types
import numpy as np

def answer(*args, **kwargs):
${answer
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}

class Anything:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return answer

def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return answer
`;

const bodies: Record<string, string> = {
  nan: 'return float("nan")',
  "nan-array": "return np.full_like(np.asarray(args[0], dtype=float), np.nan) if args else np.nan",
  nothing: "return None",
  zero: "return 0",
  zeros: "return np.zeros_like(args[0]) if args and isinstance(args[0], np.ndarray) else np.zeros(())",
  "zeros-pair":
    "return (np.zeros_like(args[0]), None) if args and isinstance(args[0], np.ndarray) else (0.0, 0.0)",
  "empty-array": "return np.empty((0,))",
  "empty-list": "return []",
  "empty-tuple": "return ()",
  arguments: "return args",
  "first-argument": "return args[0] if args else None",
  handle: "return Anything()",
  raise: 'raise RuntimeError("no")',
  exit: "sys.exit(0)",
  hang: "while True: pass",
  "print-inputs": "print(args, kwargs)\nreturn None",
};

export const adversaryNames = Object.keys(bodies);

/** The files of one adversary against a suite that requires `required`. */
export function adversaryFiles(
  name: string,
  required: readonly string[],
  reference: SuiteFile[],
): SuiteFile[] {
  const source = Buffer.from(module(bodies[name] ?? "return None"));
  return required.map((path) => {
    if (path.endsWith(".py")) return { path, bytes: source };
    return { path, bytes: reference.find((file) => file.path === path)?.bytes ?? Buffer.alloc(0) };
  });
}
