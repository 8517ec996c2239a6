import type { Insight } from "../../insight/course-insight.ts";
import type { PageContext } from "../context.ts";

/** What each part of the page is drawn from. */
export interface PartProps {
  at: PageContext;
  insight: Insight;
}
