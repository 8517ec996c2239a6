import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClusterApi, openClusterApi } from "../../sandbox/kubernetes/cluster.ts";
import type { Probed } from "../../sandbox/kubernetes/probe.ts";
import { clusterSettings } from "../../sandbox/kubernetes/settings.ts";
import { startClusterStandIn } from "../../sandbox/testing/cluster-stand-in.ts";
import { clusterCheck, clusterOutcome, examineCluster } from "./cluster.ts";

const closed: Probed = { tried: ["10.0.0.1:443"], reached: [], pids: 512, userNamespace: false };

test.each<[string, Record<string, string>, Partial<Probed>, string, RegExp]>([
  ["a closed network with a limit on processes is well", {}, {}, "ok", /network closed/],
  [
    "a network that a sandbox reaches is not",
    {},
    { reached: ["10.0.0.1:443"] },
    "missing",
    /enforced by nobody/,
  ],
  [
    "and stays a warning where the operator accepted it",
    { ASSAY_KUBERNETES_OPEN_NETWORK: "accepted" },
    { reached: ["10.0.0.1:443"] },
    "warning",
    /reaches 10.0.0.1:443/,
  ],
  ["what nobody tried is not believed", {}, { tried: [] }, "warning", /could not be tried/],
  ["a node without a limit on processes is named", {}, { pids: null }, "warning", /fork bomb/],
  [
    "user namespaces that are not there are named",
    { ASSAY_KUBERNETES_USER_NAMESPACES: "on" },
    {},
    "warning",
    /its node's own/,
  ],
])("%s", (_, env, changes, state, words) => {
  expect(clusterOutcome(clusterSettings(env), "v1.34", { ...closed, ...changes })).toMatchObject({
    state,
    found: expect.stringMatching(words),
  });
});

test("without a cluster the check is skipped", async () => {
  expect(await clusterCheck.run()).toMatchObject({ state: "skipped" });
});

let standIn: Awaited<ReturnType<typeof startClusterStandIn>>;
let api: ClusterApi;
beforeAll(async () => {
  standIn = await startClusterStandIn();
  api = openClusterApi("assay-sandboxes", standIn.config);
});
afterAll(() => standIn.close());

test.each<[string, Record<string, string>, (api: ClusterApi) => Partial<ClusterApi>, RegExp]>([
  [
    "a right that is missing",
    {},
    (whole) => ({ may: async (right) => right.verb !== "delete" && whole.may(right) }),
    /may not delete pods/,
  ],
  ["a namespace without a policy", {}, () => ({ networkPolicies: async () => [] }), /no NetworkPolicy/],
  [
    "a RuntimeClass that the API server has never heard of",
    { ASSAY_RUNTIME: "gvisor" },
    () => ({}),
    /gvisor/,
  ],
])("doctor names %s before it starts anything", async (_, env, changes, words) => {
  const outcome = await examineCluster(clusterSettings(env), { ...api, ...changes(api) });
  expect(outcome).toMatchObject({ state: "missing", found: expect.stringMatching(words) });
});
