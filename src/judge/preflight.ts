// The tests that run on a CPU before a device is asked for. The harness collects `tests/`, so they take the place of
// the suite's tests there; what those import stays beside them.
import { tarOf, untar } from "./read-suite.ts";

const TEST = /^tests\/(.*\/)?(test_[^/]*|[^/]*_test)\.py$/;
const PREFLIGHT = /^preflight\/(?=[^/]+\.py$)/;

/** A suite's tar in which the harness finds the tests of `preflight/` and no others. */
export async function preflightTar(suite: Buffer): Promise<Buffer> {
  const files = (await untar(suite)).filter(({ path }) => !TEST.test(path));
  return tarOf(files.map(({ path, bytes }) => ({ path: path.replace(PREFLIGHT, "tests/"), bytes })));
}
