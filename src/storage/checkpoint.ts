// A student's checkpoint (final project), looked at before anything loads it: safetensors, npy or npz, by
// their headers alone and in the reader's child process. Nothing is unpickled; a format that would need it
// is refused. What is accepted here has names, dtypes and shapes that add up to exactly the bytes there are.
import { filled, Refusal, storageErrors, type Words } from "./errors.ts";
import { readNpy, readNpz } from "./npz.ts";
import { readSafetensors } from "./safetensors.ts";
import { bad, type CheckpointLimits, type Tensor } from "./tensors.ts";
import type { ZipBytes } from "./zip-bytes.ts";

export type { CheckpointLimits, Tensor } from "./tensors.ts";

export type Checkpoint = { format: "safetensors" | "npz" | "npy"; tensors: Tensor[]; bytes: number };

/** Throws `Refusal("bad_checkpoint")`; `name` is only for its sentence and is safe to show. */
export function readCheckpoint(file: ZipBytes, name: string, limits: CheckpointLimits): Checkpoint {
  try {
    const checkpoint = readFormat(file, limits);
    const bytes = checkpoint.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
    if (bytes > limits.unpackedBytes) throw bad("it is too large", "体积过大");
    return { ...checkpoint, bytes };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal("bad_checkpoint", { entry: name, why: whyOf(error) });
  }
}

function readFormat(file: ZipBytes, limits: CheckpointLimits): Omit<Checkpoint, "bytes"> {
  const start = file.read(0, Math.min(file.size, 9)).toString("latin1");
  if (start.startsWith("PK")) return { format: "npz", tensors: readNpz(file, limits) };
  if (start.startsWith("\x93NUMPY")) return { format: "npy", tensors: [readNpy(file)] };
  if (start[8] === "{") return { format: "safetensors", tensors: readSafetensors(file, limits) };
  throw bad("it is neither safetensors nor npz", "既不是 safetensors 也不是 npz");
}

/** A refusal by the ZIP reader says its whole sentence, one of ours only the reason. */
function whyOf({ code, params }: Refusal): Words {
  const { en, zh } = code === "bad_checkpoint" ? { en: "{why}", zh: "{why}" } : storageErrors[code];
  return { en: filled(en, params, "en"), zh: filled(zh, params, "zh") };
}
