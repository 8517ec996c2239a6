import type { OtherDevice } from "../../submissions/other-device.ts";
import type { PageContext } from "../context.ts";

/** Both models as a sentence names them. */
export const deviceNames = ({ t }: PageContext, { was, is }: OtherDevice) => ({
  was: was ?? t("graded.cpu"),
  is: is ?? t("graded.cpu"),
});
