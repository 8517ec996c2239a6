import { readConfig } from "../../platform/config.ts";
import { limitedRoles, userOf } from "../../platform/roles.ts";
import type { Check } from "./check.ts";

/** Whoever takes over a process should have only what that process needs. */
export const databaseRolesCheck: Check = {
  id: "database-roles",
  title: "Database roles",
  required: false,
  run: async () => {
    const { databaseUrl, roleUrls } = readConfig();
    if (databaseUrl === undefined && Object.keys(roleUrls).length === 0)
      return { state: "ok", found: "owner, web, worker and reader (embedded)" };
    // A machine that was not given the owner's address has nothing to separate from it.
    if (databaseUrl === undefined)
      return { state: "ok", found: `only ${Object.keys(roleUrls).join(", ")}, without the owner` };
    const owner = userOf(databaseUrl);
    const same = limitedRoles.filter((role) => userOf(roleUrls[role] ?? databaseUrl) === owner);
    if (same.length === 0) return { state: "ok", found: "owner, web, worker and reader are separate" };
    return {
      state: "warning",
      found: `not separated: ${same.join(", ")} would use the role ${owner}, which owns every table`,
      mend: `set ${same.map((role) => `DATABASE_URL_${role.toUpperCase()}`).join(", ")} (docs/operations.md), then: assay migrate`,
    };
  },
};
