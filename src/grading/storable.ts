// What a submission printed can be any text; PostgreSQL's jsonb refuses two kinds of it. A refused row would look
// like a fault of ours, which is repeated for free: so no text of a submission may ever cause one.

/** A JSON value without NUL and without half surrogate pairs; both become the replacement character. */
export function storable<T>(value: T): T {
  if (typeof value === "string") return value.replaceAll("\0", "\ufffd").toWellFormed() as T;
  if (Array.isArray(value)) return value.map(storable) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storable(key), storable(item)])) as T;
}
