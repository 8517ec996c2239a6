import type { CourseAccess } from "../../courses/access.ts";
import type { UserError } from "../../platform/errors.ts";
import type { RotaView } from "../../submissions/rota.ts";
import type { MoveMade } from "../../submissions/rota-moves.ts";
import type { PageContext } from "../context.ts";

export interface RotaPageView {
  access: CourseAccess;
  rota: RotaView;
  moves: MoveMade[];
  mayMove: boolean;
  error: UserError | null;
  /** What was written, where it was refused. */
  reason: string;
}

export interface RotaPageProps {
  at: PageContext;
  view: RotaPageView;
}
