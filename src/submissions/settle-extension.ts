// What follows from an extension for what was handed in already.
import type { Viewer } from "../accounts/viewer.ts";
import type { Settle } from "../assignments/extensions.ts";
import { settleLateDays } from "./late-days.ts";
import { rescore } from "./rescore.ts";
import { ruleSetInForce } from "./rules-in-force.ts";

/** Late days that a later date makes needless come back, and a bonus for what is on time reaches what is so now. */
export const settleExtension =
  (viewer: Viewer): Settle =>
  async (tx, access, personId) => {
    await settleLateDays(tx, access, personId, "extension", viewer.id);
    const set = await ruleSetInForce(tx, access.assignment.id);
    if (set) await rescore(tx, access, set.rules, personId);
  };
