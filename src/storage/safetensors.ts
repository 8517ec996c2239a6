// The header of a safetensors file: 8 bytes length, JSON, then the tensors end to end
// (github.com/huggingface/safetensors, "Format": no duplicate keys, no gaps, no overlaps).
import { arrayBytes, bad, type CheckpointLimits, type Tensor } from "./tensors.ts";
import { uint64, type ZipBytes } from "./zip-bytes.ts";
import { shown } from "./zip-shown.ts";

/** The format allows 100 MB; a model of ten thousand tensors needs one. */
const HEADER_LIMIT_BYTES = 8 * 1024 * 1024;

const itemBytes: Record<string, number> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

type Placed = Tensor & { begin: number; end: number };

export function readSafetensors(file: ZipBytes, limits: CheckpointLimits): Tensor[] {
  const length = uint64(file.read(0, 8), 0);
  if (length > HEADER_LIMIT_BYTES) throw bad("its header is too large", "文件头过大");
  const entries = Object.entries(headerOf(file.read(8, length)));
  if (entries.length > limits.tensors) throw bad("it holds too many tensors", "张量过多");
  const placed = entries
    .filter(([name]) => name !== "__metadata__")
    .map(([name, value]) => tensorOf(name, value));
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkTiling(placed, file.size - 8 - length);
  return placed.map(({ name, dtype, shape, bytes }) => ({ name, dtype, shape, bytes }));
}

function headerOf(bytes: Buffer): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    throw bad("its header is no JSON", "文件头不是 JSON");
  }
  if (!isRecord(header)) throw bad("its header is no JSON object", "文件头不是 JSON 对象");
  checkUniqueKeys(text);
  const metadata = header.__metadata__;
  const plain = metadata === undefined || (isRecord(metadata) && Object.values(metadata).every(isString));
  if (!plain) throw bad("its metadata are not plain text", "元数据不是纯文本");
  return header;
}

/** `JSON.parse` keeps the last of two equal keys and another reader the first: neither is accepted. */
function checkUniqueKeys(json: string): void {
  const open: Set<string>[] = [];
  let text = "";
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token !== ":") text = token;
    else {
      const key = JSON.parse(text) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) throw bad(`the name ${shown(key)} is there twice`, `名称 ${shown(key)} 重复`);
      keys?.add(key);
    }
  }
}

function tensorOf(name: string, value: unknown): Placed {
  const safe = shown(name);
  if (!isRecord(value)) throw bad(`${safe} is not described`, `${safe} 缺少描述`);
  const { dtype, shape, data_offsets: offsets } = value;
  const item = typeof dtype === "string" && Object.hasOwn(itemBytes, dtype) ? itemBytes[dtype] : undefined;
  if (item === undefined) throw bad(`${safe} has an unknown dtype`, `${safe} 的 dtype 未知`);
  const bytes = arrayBytes(safe, shape, item);
  const [begin, end, more] = Array.isArray(offsets) ? offsets : [];
  const placed = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && more === undefined;
  if (!placed || end - begin !== bytes)
    throw bad(`the size of ${safe} is not that of its shape`, `${safe} 的大小与形状不符`);
  return { name, dtype: dtype as string, shape: shape as number[], bytes, begin, end };
}

function checkTiling(tensors: Placed[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of tensors) {
    if (begin < at) throw bad(`${shown(name)} overlaps another tensor`, `${shown(name)} 与其他张量重叠`);
    if (begin > at) throw bad(`there is a gap before ${shown(name)}`, `${shown(name)} 之前有空隙`);
    at = end;
  }
  if (at !== length) throw bad("its tensors are not as long as the file", "张量总长与文件不符");
}

const isString = (value: unknown) => typeof value === "string";
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
