import { imageRecipe } from "../../sandbox/image-recipe.ts";
import { reference } from "../../sandbox/images.ts";
import type { ClusterApi } from "../../sandbox/kubernetes/cluster.ts";
import { type Probed, probeCluster } from "../../sandbox/kubernetes/probe.ts";
import { NEEDED_RIGHTS, type Right } from "../../sandbox/kubernetes/rights.ts";
import { type ClusterSettings, clusterSettings, usesCluster } from "../../sandbox/kubernetes/settings.ts";
import type { Check, Outcome } from "./check.ts";

const APPLY = "kubectl apply -f deploy/kubernetes/sandboxes.yaml";
const NETWORK =
  "install a network plugin that enforces NetworkPolicy (Calico, Cilium, kube-router), then run assay doctor again";

/** A cluster as ASSAY_ENGINE=kubernetes uses it: that it answers, allows what is needed, and closes its network. */
export const clusterCheck: Check = {
  id: "cluster",
  title: "Kubernetes",
  required: true,
  async run(): Promise<Outcome> {
    if (!usesCluster()) return { state: "skipped", found: "ASSAY_ENGINE is not kubernetes" };
    const settings = clusterSettings();
    // Its library is large, and this file is read at every start of the command line.
    const { openClusterApi } = await import("../../sandbox/kubernetes/cluster.ts");
    return examineCluster(settings, openClusterApi(settings.namespace));
  },
};

export async function examineCluster(settings: ClusterSettings, api: ClusterApi): Promise<Outcome> {
  const { namespace, runtimeClass } = settings;
  const version = await api.version();
  const lacking = await lackingRights(api);
  if (lacking.length > 0)
    return { state: "missing", found: `in ${namespace} we may not ${lacking.join(", ")}`, mend: APPLY };
  if ((await api.networkPolicies()).length === 0)
    return { state: "missing", found: `no NetworkPolicy in ${namespace}`, mend: APPLY };
  if (runtimeClass && !(await api.hasRuntimeClass(runtimeClass))) {
    const found = `the cluster has no RuntimeClass ${runtimeClass}, which ASSAY_RUNTIME names`;
    return {
      state: "missing",
      found,
      mend: "kubectl get runtimeclass, and set ASSAY_RUNTIME to one of these",
    };
  }
  const image = reference(imageRecipe("python-ml", "student"));
  return clusterOutcome(settings, version, await probeCluster(api, settings, image));
}

/** What a Pod found out. */
export function clusterOutcome(settings: ClusterSettings, version: string, probed: Probed): Outcome {
  const { tried, reached, pids, userNamespace } = probed;
  if (reached.length > 0) {
    const found = `a sandbox reaches ${reached.join(", ")}: NetworkPolicy is enforced by nobody`;
    return { state: settings.openNetworkAccepted ? "warning" : "missing", found, mend: NETWORK };
  }
  if (tried.length === 0) {
    const found =
      "whether NetworkPolicy is enforced could not be tried: no place that a Pod would reach is known";
    return { state: "warning", found, mend: "run assay doctor from the worker's own Pod" };
  }
  if (pids === null) {
    const found = "nodes set no limit on processes: a fork bomb takes its node along";
    return { state: "warning", found, mend: "set podPidsLimit: 512 in the kubelets' configuration" };
  }
  if (settings.userNamespaces && !userNamespace) {
    const found = "ASSAY_KUBERNETES_USER_NAMESPACES=on, and a sandbox is in its node's own";
    return { state: "warning", found, mend: "unset it, or let the nodes' runtime have user namespaces" };
  }
  const wall = settings.runtimeClass ?? "the node's own kernel";
  return {
    state: "ok",
    found: `${version}; network closed (tried ${tried.join(", ")}); ${pids} processes; ${wall}`,
  };
}

async function lackingRights(api: ClusterApi): Promise<string[]> {
  const asked = await Promise.all(
    NEEDED_RIGHTS.map(async (right) => ((await api.may(right)) ? null : wordsOf(right))),
  );
  return asked.filter((words) => words !== null);
}

const wordsOf = ({ resource, subresource, verb }: Right) =>
  `${verb} ${subresource ? `${resource}/${subresource}` : resource}`;
