// Valid ZIPs with a few things wrong, for the property test and the soak script.
import fc from "fast-check";
import { buildZip, type EntrySpec, LINK, type ZipSpec } from "./build.ts";

const name = fc.oneof(
  { weight: 40, arbitrary: fc.stringMatching(/^[a-z]{1,6}(\/[a-z]{1,6}){0,2}\.py$/) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("../x", "/x", "a\\b", "rnn.py", "RNN.py", "循环.py", "d/", "__MACOSX/x"),
  },
);
const nameBytes = fc.oneof(
  name,
  fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes)),
);
const number32 = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x7fffffff, 0xffffffff), fc.nat(3000));
const headers = fc.record(
  {
    flags: fc.nat(0xffff),
    method: fc.constantFrom(0, 8, 9, 99),
    crc: number32,
    packed: number32,
    bytes: number32,
    offset: number32,
    name: fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes)),
    extra: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  },
  { requiredKeys: [] },
);

/** Mostly honest, so that what comes later is reached: one header in forty lies. */
const entry: fc.Arbitrary<EntrySpec> = fc
  .record({
    name: nameBytes,
    data: fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.nat(20_000).map((size) => Buffer.alloc(size)),
    ),
    stored: fc.boolean(),
    zip64: fc.boolean(),
    flags: fc.constantFrom(0, 0x800),
    attributes: fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constant(LINK) },
    ),
    descriptor: fc.option(fc.constantFrom("signed", "plain", "signed64", "plain64", "announced"), {
      nil: undefined,
    }),
    local: fc.oneof({ weight: 39, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
    central: fc.oneof({ weight: 39, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
  })
  .map(({ descriptor, ...rest }) => (descriptor === undefined ? rest : { ...rest, descriptor }));

const spec: fc.Arbitrary<ZipSpec> = fc
  .record({
    entries: fc.array(entry, { maxLength: 6 }),
    zip64: fc.boolean(),
    comment: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  })
  .map((made) => ({ ...made, entries: [{ name: "rnn.py", data: "x = 1\n" }, ...made.entries] }));

type Change = { at: number; what: "flip" | "set" | "cut" | "insert" | "repeat" | "swap"; value: number };
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  what: fc.constantFrom("flip", "set", "cut", "insert", "repeat", "swap"),
  value: fc.nat(255),
});

function changed(zip: Buffer, { at, what, value }: Change): Buffer {
  const place = Math.floor(at * zip.length);
  const [before, after] = [zip.subarray(0, place), zip.subarray(place)];
  const length = 1 + (value % 40);
  if (what === "cut") return Buffer.concat([before, after.subarray(length)]);
  if (what === "insert") return Buffer.concat([before, Buffer.alloc(length, value), after]);
  if (what === "repeat") return Buffer.concat([before, after.subarray(0, length), after]);
  if (what === "swap") return Buffer.concat([before, after.subarray(length), after.subarray(0, length)]);
  const copy = Buffer.from(zip);
  if (place < copy.length) copy[place] = what === "set" ? value : (copy[place] ?? 0) ^ (1 << (value % 8));
  return copy;
}

/** Half of the archives keep their bytes: only their headers lie, if at all. */
const changes = fc.oneof(fc.constant<Change[]>([]), fc.array(change, { minLength: 1, maxLength: 3 }));

/** Bytes with none to three changes: half of them keep theirs. */
export const mutated = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.tuple(bytes, changes).map(([made, some]) => some.reduce(changed, made));

/** A ZIP of up to seven entries, some with lying headers, with none to three changes to its bytes. */
export const mutatedZips: fc.Arbitrary<Buffer> = mutated(spec.map(buildZip));
