// Which files have most in common: fingerprints of their tokens by winnowing, as Dolos does it.
// Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003.
import { type File, FingerprintIndex, type TokenizedFile } from "@dodona/dolos-core";
import type { Parser } from "web-tree-sitter";
import type { Fragment } from "./tables.ts";
import { tokenize } from "./tokens.ts";

export interface Source {
  submissionId: string;
  path: string;
  text: string;
}

export interface ComparedPair {
  left: { submissionId: string; path: string };
  right: { submissionId: string; path: string };
  /** From 0 to 1: the share of both files' fingerprints that the other has. */
  similarity: number;
  longest: number;
  fragments: Fragment[];
}

/** Tokens of a fingerprint and of the window in which at least one is kept: Dolos' own. */
const KGRAM = 23;
const WINDOW = 17;
export const PAIRS_LIMIT = 200;
/** Below this a pair is everyday likeness. */
const LEAST = 0.15;
const FRAGMENTS_LIMIT = 200;
/** What so large a share of all files have is the assignment's own way of saying it. */
const COMMON_SHARE = 0.5;
const COMMON_LEAST = 12;

/** The most similar pairs of files of different submissions. @param starter what everybody was given: counts nothing */
export function compare(
  parser: Parser,
  sources: readonly Source[],
  starter: readonly string[],
): ComparedPair[] {
  const files = sources.flatMap((source) => {
    const file = tokenize(parser, `${source.submissionId}/${source.path}`, source.text);
    return file ? [{ source, file }] : [];
  });
  const common = Math.max(COMMON_LEAST, Math.ceil(files.length * COMMON_SHARE));
  const index = new FingerprintIndex(KGRAM, WINDOW, false, common);
  for (const [at, text] of starter.entries()) {
    const file = tokenize(parser, `starter-${at}.py`, text);
    if (file) index.addIgnoredFile(file);
  }
  index.addFiles(files.map(({ file }) => file));
  const owner = new Map<File, Source>(files.map(({ source, file }) => [file, source]));
  return candidates(index, owner)
    .map(([left, right]) => described(index, owner, left, right))
    .filter(({ similarity }) => similarity >= LEAST)
    .sort((a, b) => b.similarity - a.similarity || b.longest - a.longest)
    .slice(0, PAIRS_LIMIT);
}

/** Pairs with the most fingerprints in common: only these are looked at closer, of half a million in a large course. */
function candidates(
  index: FingerprintIndex,
  owner: ReadonlyMap<File, Source>,
): [TokenizedFile, TokenizedFile][] {
  const counts = new Map<string, { pair: [TokenizedFile, TokenizedFile]; shared: number }>();
  for (const fingerprint of index.sharedFingerprints()) {
    if (fingerprint.ignored) continue;
    const files = fingerprint.files();
    for (const [at, left] of files.entries()) {
      for (const right of files.slice(at + 1)) {
        if (owner.get(left)!.submissionId === owner.get(right)!.submissionId) continue;
        const key = `${left.id} ${right.id}`;
        const known = counts.get(key);
        if (known) known.shared += 1;
        else counts.set(key, { pair: [left, right], shared: 1 });
      }
    }
  }
  const share = ({ pair: [left, right], shared }: { pair: [TokenizedFile, TokenizedFile]; shared: number }) =>
    shared / Math.max(1, left.tokens.length + right.tokens.length);
  return [...counts.values()]
    .sort((a, b) => share(b) - share(a))
    .slice(0, PAIRS_LIMIT * 3)
    .map(({ pair }) => pair);
}

function described(
  index: FingerprintIndex,
  owner: ReadonlyMap<File, Source>,
  left: TokenizedFile,
  right: TokenizedFile,
): ComparedPair {
  const pair = index.getPair(left, right);
  const fragments = pair
    .buildFragments(1)
    .map(({ leftSelection: l, rightSelection: r }): Fragment => [l.startRow, l.endRow, r.startRow, r.endRow])
    .sort((a, b) => a[0] - b[0])
    .slice(0, FRAGMENTS_LIMIT);
  const named = ({ submissionId, path }: Source) => ({ submissionId, path });
  return {
    left: named(owner.get(left)!),
    right: named(owner.get(right)!),
    similarity: pair.similarity,
    longest: pair.longest,
    fragments,
  };
}
