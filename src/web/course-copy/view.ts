// What the page of a copy shows.
import type { CopyPreview } from "../../assignments/copy-preview.ts";
import type { CourseAccess } from "../../courses/access.ts";
import type { PageContext } from "../context.ts";
import type { FieldName, Typed } from "./form.ts";

export interface CopyView {
  access: CourseAccess;
  typed: Typed;
  wrong: FieldName[];
  /** Null: there is no telling by how many days. */
  shiftDays: number | null;
  preview: CopyPreview | null;
  /** Nothing was typed yet. */
  first: boolean;
  now: Date;
}
export interface Props {
  at: PageContext;
  view: CopyView;
}
