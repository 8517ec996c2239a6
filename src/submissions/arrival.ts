// From which moment an upload counts. Pure; both moments are the database's.

/** How long the bytes of a claim may take. Stated beside every upload form, in the API and by the CLI. */
export const CLAIM_WINDOW_SECONDS = 60 * 60;

export interface Arrival {
  /** When the sender said which bytes would come; null for an upload that was announced by nobody. */
  claimedAt: Date | null;
  lastByteAt: Date;
}

/**
 * Bytes that were claimed count at their claim, if the last of them came within the window; all others at their
 * last byte. A request's own beginning proves nothing: whoever opens one may still choose what to send.
 */
export function countedAt({ claimedAt, lastByteAt }: Arrival, windowSeconds = CLAIM_WINDOW_SECONDS): Date {
  if (claimedAt === null || claimedAt > lastByteAt) return lastByteAt;
  return lastByteAt.getTime() - claimedAt.getTime() <= windowSeconds * 1000 ? claimedAt : lastByteAt;
}

/** Until when the bytes of a claim have to be here. */
export function claimEnds(claimedAt: Date, windowSeconds = CLAIM_WINDOW_SECONDS): Date {
  return new Date(claimedAt.getTime() + windowSeconds * 1000);
}
