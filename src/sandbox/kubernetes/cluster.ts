// The only file that speaks to a Kubernetes API server; like engine.ts, under a deadline each, and every fault named.
import { PassThrough, Writable } from "node:stream";
import {
  ApiException,
  Attach,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  NodeV1Api,
  type V1NetworkPolicy,
  type V1Pod,
  VersionApi,
} from "@kubernetes/client-node";
import { EngineFault, underDeadline } from "../engine.ts";
import { PodStream, type Socket } from "./pod-stream.ts";
import type { Right } from "./rights.ts";

const DEADLINE_MS = { ask: 5_000, create: 15_000, attach: 15_000, remove: 15_000, list: 15_000 };
const THE_SERVER = "the Kubernetes API server";
const LIST_PAGE = 500;

/** The cluster that KUBECONFIG names, or inside of one the worker's own. @throws Error where there is none */
export function clusterConfig(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromDefault();
  if (!config.getCurrentCluster()) throw new Error("KUBECONFIG names no cluster");
  return config;
}

export function openClusterApi(namespace: string, config = clusterConfig()) {
  const core = config.makeApiClient(CoreV1Api);
  const attaching = new Attach(config);
  const within = <T>(what: string, ms: number, call: () => Promise<T>) =>
    underDeadline(what, ms, () => call().catch(inWords), THE_SERVER);
  const unless = <T>(status: number, value: T) => {
    return (error: unknown): T => {
      if (error instanceof EngineFault && error.status === status) return value;
      throw error;
    };
  };
  return {
    server: config.getCurrentCluster()?.server ?? "",
    version: () =>
      within("version", DEADLINE_MS.ask, () => config.makeApiClient(VersionApi).getCode()).then(
        ({ gitVersion }) => gitVersion,
      ),

    create: (body: V1Pod) =>
      within("create Pod", DEADLINE_MS.create, () => core.createNamespacedPod({ namespace, body })),
    /** Null when there is none. */
    pod: (name: string): Promise<V1Pod | null> =>
      within("look at Pod", DEADLINE_MS.ask, () => core.readNamespacedPod({ name, namespace })).catch(
        unless(404, null),
      ),
    /** Ends and removes it at once; one that is gone already is fine. */
    remove: (name: string): Promise<void> =>
      within("remove Pod", DEADLINE_MS.remove, () =>
        core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }),
      ).then(() => {}, unless(404, undefined)),
    pods: async (labelSelector: string): Promise<V1Pod[]> => {
      const found: V1Pod[] = [];
      for (let from: string | undefined; ; ) {
        const ask = { namespace, labelSelector, limit: LIST_PAGE, ...(from ? { _continue: from } : {}) };
        const page = await within("list Pods", DEADLINE_MS.list, () => core.listNamespacedPod(ask));
        found.push(...page.items);
        from = page.metadata?._continue;
        if (!from) return found;
      }
    },
    /** Our end of a running container's stdin, stdout and stderr. */
    attach: (name: string, container: string): Promise<PodStream> =>
      within("attach to Pod", DEADLINE_MS.attach, async () => {
        const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });
        // The library writes without waiting; the socket itself is listened to instead.
        const socket = await attaching.attach(
          ...([namespace, name, container, nowhere(), nowhere(), new PassThrough(), false] as const),
        );
        return new PodStream(socket as unknown as Socket);
      }),

    may: async ({ group = "", resource, subresource, verb }: Right): Promise<boolean> => {
      const resourceAttributes = {
        namespace,
        group,
        resource,
        verb,
        ...(subresource ? { subresource } : {}),
      };
      const review = await within("ask for a right", DEADLINE_MS.ask, () =>
        config
          .makeApiClient(AuthorizationV1Api)
          .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } }),
      );
      return review.status?.allowed ?? false;
    },
    hasRuntimeClass: (name: string): Promise<boolean> =>
      within("look at RuntimeClass", DEADLINE_MS.ask, () =>
        config.makeApiClient(NodeV1Api).readRuntimeClass({ name }),
      ).then(() => true, unless(404, false)),
    networkPolicies: (): Promise<V1NetworkPolicy[]> =>
      within("list NetworkPolicies", DEADLINE_MS.list, () =>
        config.makeApiClient(NetworkingV1Api).listNamespacedNetworkPolicy({ namespace }),
      ).then(({ items }) => items),
  };
}
export type ClusterApi = ReturnType<typeof openClusterApi>;

/** What the server said, with its status: its message is inside of a body. */
function inWords(error: unknown): never {
  if (!(error instanceof ApiException)) throw error;
  const { code, body } = error;
  throw Object.assign(new Error(saidIn(body) ?? String(code)), { statusCode: code });
}

function saidIn(body: unknown): string | undefined {
  try {
    return (typeof body === "string" ? JSON.parse(body) : (body as { message?: string })).message;
  } catch {
    return undefined;
  }
}
