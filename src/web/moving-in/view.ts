// What the parts of an import's page are given.
import type { UserError } from "../../platform/errors.ts";
import type { ImportAccess, LookedImport } from "../../submissions/imports.ts";
import type { PageContext } from "../context.ts";

export interface Props {
  at: PageContext;
  view: { access: ImportAccess; looked: LookedImport; error: UserError | null };
}
