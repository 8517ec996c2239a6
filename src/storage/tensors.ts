// What both checkpoint formats come down to: named arrays of plain numbers.
import { Refusal } from "./errors.ts";

export type Tensor = { name: string; dtype: string; shape: number[]; bytes: number };
export type CheckpointLimits = {
  /** Of all tensors together, unpacked. */
  unpackedBytes: number;
  tensors: number;
};

export function bad(en: string, zh: string): Refusal {
  return new Refusal("bad_checkpoint", { why: { en, zh } });
}

const DIMENSIONS_LIMIT = 8;

/** The number of bytes of an array, exactly; a shape that is no shape is refused. */
export function arrayBytes(name: string, shape: unknown, itemBytes: number): number {
  const sound =
    Array.isArray(shape) &&
    shape.length <= DIMENSIONS_LIMIT &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!sound) throw bad(`${name} has an impossible shape`, `${name} 的形状不合法`);
  // In floats a product may round to what a liar wants; so many dimensions cannot in big integers.
  const bytes = (shape as number[]).reduce((product, length) => product * BigInt(length), BigInt(itemBytes));
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) throw bad(`${name} is impossibly large`, `${name} 大得不可能`);
  return Number(bytes);
}
