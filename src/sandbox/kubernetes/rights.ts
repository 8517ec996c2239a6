// What the worker's account must be allowed among the sandboxes; deploy/kubernetes/sandboxes.yaml grants it, and
// `assay doctor` asks for each.

export interface Right {
  group?: string;
  resource: string;
  subresource?: string;
  verb: string;
}

const pods = (verb: string): Right => ({ resource: "pods", verb });
const attach = (verb: string): Right => ({ resource: "pods", subresource: "attach", verb });

export const NEEDED_RIGHTS: readonly Right[] = [
  ...["create", "get", "list", "delete"].map(pods),
  ...["create", "get"].map(attach),
  { group: "networking.k8s.io", resource: "networkpolicies", verb: "list" },
];
