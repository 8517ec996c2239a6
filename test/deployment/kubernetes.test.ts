// The manifests, held against Kubernetes's own schemas and against what the worker does with them.
import { readFileSync } from "node:fs";
import type { KubernetesObject, V1Deployment, V1Job, V1NetworkPolicy, V1Role } from "@kubernetes/client-node";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { Job } from "kubernetes-models/batch/v1/Job";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { ClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import { ClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import { Role } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import { RoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { ResourceQuota } from "kubernetes-models/v1/ResourceQuota";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { environment } from "../../src/platform/config.ts";
import { NEEDED_RIGHTS } from "../../src/sandbox/kubernetes/rights.ts";
import { clusterSettings } from "../../src/sandbox/kubernetes/settings.ts";

const MODELS = {
  ...{ Namespace, ConfigMap, ServiceAccount, Service, PersistentVolumeClaim, ResourceQuota },
  ...{ Deployment, Job, NetworkPolicy, Role, RoleBinding, ClusterRole, ClusterRoleBinding },
};

/** As Kubernetes's own OpenAPI document has it. @throws naming the field */
function validate(one: KubernetesObject): void {
  const Model = MODELS[one.kind as keyof typeof MODELS];
  expect(one.apiVersion).toBe(Model.apiVersion);
  new Model(one as never).validate();
}

const read = (file: string) =>
  parseAllDocuments(readFileSync(new URL(`../../deploy/kubernetes/${file}`, import.meta.url), "utf8"), {
    merge: true,
  }).map((document) => document.toJS() as KubernetesObject);
const objects = [...read("sandboxes.yaml"), ...read("assay.yaml")];
const named = <T>(kind: string, name: string) =>
  objects.find((one) => one.kind === kind && one.metadata?.name === name) as T;

test.each(objects.map((one) => [`${one.kind} ${one.metadata?.name}`, one] as const))(
  "Kubernetes accepts the %s",
  (_, one) => {
    expect(() => validate(one)).not.toThrow();
  },
);

const templates = [
  named<V1Job>("Job", "migrate"),
  named<V1Deployment>("Deployment", "serve"),
  named<V1Deployment>("Deployment", "worker"),
].map(({ spec }) => spec!.template.spec!);

test("every process of ours is what the level restricted of Pod security asks for", () => {
  for (const { securityContext, containers } of templates) {
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(containers[0]!.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  }
});

test("both namespaces enforce that level", () => {
  const spaces = objects.filter(({ kind }) => kind === "Namespace");
  expect(spaces).toHaveLength(2);
  for (const { metadata } of spaces)
    expect(metadata?.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
});

test("the sandboxes' network is closed in both directions, for all Pods", () => {
  expect(named<V1NetworkPolicy>("NetworkPolicy", "closed").spec).toEqual({
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
});

test("the worker has exactly the rights that it uses, and only the worker has a token", () => {
  const given = named<V1Role>("Role", "assay-worker").rules!.flatMap(({ apiGroups, resources, verbs }) =>
    verbs.flatMap((verb) => resources!.map((resource) => `${apiGroups![0]}/${resource} ${verb}`)),
  );
  const needed = NEEDED_RIGHTS.map(({ group = "", resource, subresource, verb }) =>
    [`${group}/${resource}${subresource ? `/${subresource}` : ""}`, verb].join(" "),
  );
  expect(given.sort()).toEqual([...needed].sort());
  expect(templates.map((spec) => spec.automountServiceAccountToken)).toEqual([false, false, true]);
});

describe("each variable", () => {
  const variables = templates.flatMap(({ containers }) => containers[0]!.env ?? []);
  test("that a manifest sets is one that Assay reads", () => {
    const worker = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
    expect(clusterSettings(worker).namespace).toBe("assay-sandboxes");
    const known = [...Object.keys(environment.shape), "ASSAY_ENGINE"];
    const ours = variables.filter(({ name }) => !name.startsWith("ASSAY_KUBERNETES_"));
    for (const { name } of ours) expect(known).toContain(name);
  });

  test("the server never gets the owner's or the worker's address of the database", () => {
    const secrets = templates.map(({ containers }) =>
      containers[0]!.env!.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []),
    );
    expect(secrets.map((names) => [...new Set(names)])).toEqual([
      ["assay-database-owner"],
      ["assay-database-web"],
      ["assay-database-worker"],
    ]);
  });
});

test("a worker is given as long to end what it has as under Compose", () => {
  expect(templates[2]!.terminationGracePeriodSeconds).toBe(45 * 60);
});
