// Bytes of an archive by position. Reading past the end is the archive's fault and says so.
import { fstatSync, readSync } from "node:fs";
import { corrupt } from "./errors.ts";

export type ZipBytes = {
  readonly size: number;
  /** Exactly `length` bytes from `offset`, or a `corrupt` refusal. */
  read(offset: number, length: number): Buffer;
};

export function bytesOfBuffer(buffer: Buffer): ZipBytes {
  return {
    size: buffer.length,
    read(offset, length) {
      checkInside(offset, length, buffer.length);
      return buffer.subarray(offset, offset + length);
    },
  };
}

/** Synchronous on purpose: it runs in a process that does nothing else. */
export function bytesOfFile(descriptor: number): ZipBytes {
  const { size } = fstatSync(descriptor);
  return {
    size,
    read(offset, length) {
      checkInside(offset, length, size);
      const buffer = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const got = readSync(descriptor, buffer, done, length - done, offset + done);
        if (got === 0) throw cutOff();
        done += got;
      }
      return buffer;
    },
  };
}

/** A part of a file as if it were a file: a checkpoint inside the canonical tar. */
export function windowOf(bytes: ZipBytes, offset: number, length: number): ZipBytes {
  checkInside(offset, length, bytes.size);
  return {
    size: length,
    read(at, count) {
      checkInside(at, count, length);
      return bytes.read(offset + at, count);
    },
  };
}

/** A 64-bit number that JavaScript can hold exactly; a larger one is in no honest archive. */
export function uint64(buffer: Buffer, offset: number): number {
  const value = buffer.readBigUInt64LE(offset);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt("a size is impossible", "大小数值不可能");
  return Number(value);
}

export function cutOff() {
  return corrupt("it is cut off before its end", "文件不完整，末尾缺失");
}

function checkInside(offset: number, length: number, size: number): void {
  if (offset < 0 || length < 0 || offset + length > size) throw cutOff();
}
