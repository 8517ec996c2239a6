// As much of a Kubernetes API server as the driver speaks to, for machines without a cluster: it refuses what
// Kubernetes's own schema refuses, and runs a Pod's containers on the Docker engine of the tests, with the network, the
// System V objects and the volumes that those of a Pod share. Attaching is v4.channel.k8s.io: without a half-close, and
// what a container said before is lost.
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { KubeConfig, type V1Container, type V1Pod } from "@kubernetes/client-node";
import type { ContainerCreateOptions } from "dockerode";
import { Pod } from "kubernetes-models/v1/Pod";
import { WebSocketServer } from "ws";
import { pieces } from "../attached.ts";
import { openEngine } from "../engine.ts";

const engine = openEngine();

interface Run {
  pod: V1Pod;
  ids: Map<string, string>;
  shared: string;
  volumes: string[];
  /** Where a container's last words lie. */
  words: Map<string, string>;
}

export async function startClusterStandIn() {
  const runs = new Map<string, Run>();
  const refused: string[] = [];
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(runs, refused, request).catch((error: Error) =>
      failure(500, error.message),
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const sockets = new WebSocketServer({ server, handleProtocols: () => "v4.channel.k8s.io" });
  sockets.on("connection", (socket, request) => {
    const { name = "", container = "" } = attachTo(request);
    const id = runs.get(name)?.ids.get(container);
    if (!id) return socket.close();
    // Nothing may be lost while the engine's attach is under way.
    const early: Buffer[] = [];
    let write = (bytes: Buffer) => void early.push(bytes);
    socket.on("message", (data: Buffer) => write(data.subarray(1)));
    const relay = engine.attach(id).then(async (stream) => {
      stream.on("error", () => {});
      socket.on("close", () => stream.destroy());
      write = (bytes) => void stream.write(bytes);
      for (const bytes of early) write(bytes);
      for await (const { kind, bytes } of pieces(stream))
        socket.send(Buffer.concat([Buffer.of(kind === "stdout" ? 1 : 2), bytes]));
      socket.send(Buffer.concat([Buffer.of(3), Buffer.from(JSON.stringify({ status: "Success" }))]));
      socket.close();
    });
    // Whoever closed first, there is nothing more to say.
    relay.catch(() => socket.close());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const config = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: "stand-in", server: url, skipTLSVerify: true }, { name: "test" });
  return {
    config,
    /** What the schema refused, by its own words. */
    refused,
    close: async () => {
      for (const name of runs.keys()) await remove(runs, name);
      sockets.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const attachTo = ({ url = "" }: IncomingMessage) => {
  const { pathname, searchParams } = new URL(url, "http://x");
  return { name: pathname.split("/")[6], container: searchParams.get("container") ?? "" };
};

const failure = (code: number, message: string) => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", message, code },
});

async function answer(runs: Map<string, Run>, refused: string[], request: IncomingMessage) {
  const { pathname } = new URL(request.url ?? "", "http://x");
  const name = pathname.split("/")[6];
  if (/^\/version\/?$/.test(pathname))
    return { status: 200, body: { major: "1", minor: "34", gitVersion: "v1.34.0-stand-in" } };
  if (request.method === "POST" && pathname.endsWith("/selfsubjectaccessreviews"))
    return { status: 201, body: { ...((await json(request)) as object), status: { allowed: true } } };
  if (pathname.endsWith("/networkpolicies")) return { status: 200, body: { items: [{ spec: {} }] } };
  if (!pathname.includes("/pods")) return failure(404, "not found");
  if (request.method === "POST") {
    const pod = (await json(request)) as V1Pod;
    try {
      new Pod(pod as never).validate();
    } catch (error) {
      refused.push((error as Error).message);
      return failure(422, (error as Error).message);
    }
    runs.set(pod.metadata!.name!, await start(pod));
    return { status: 201, body: pod };
  }
  if (name && !runs.has(name)) return failure(404, `pods "${name}" not found`);
  if (request.method === "DELETE") {
    const { pod } = runs.get(name!)!;
    await remove(runs, name!);
    return { status: 200, body: pod };
  }
  if (name) return { status: 200, body: await withStatus(runs.get(name)!) };
  return {
    status: 200,
    body: { metadata: {}, items: await Promise.all([...runs.values()].map(withStatus)) },
  };
}

async function start(pod: V1Pod): Promise<Run> {
  const { name } = pod.metadata!;
  const run: Run = {
    pod: { ...pod, metadata: { ...pod.metadata, creationTimestamp: new Date() } },
    ids: new Map(),
    shared: "",
    volumes: [],
    words: new Map(),
  };
  for (const { name: volume, emptyDir } of pod.spec!.volumes ?? []) {
    const tmpfs = `size=${emptyDir!.sizeLimit},mode=0777`;
    await engine.createVolume(`${name}-${volume}`, { "assay.test": "cluster" }, tmpfs);
    run.volumes.push(`${name}-${volume}`);
  }
  // What a Pod's containers share is of one that does nothing, as in a real Pod.
  run.shared = await engine.create({
    Image: pod.spec!.containers[0]!.image!,
    Entrypoint: [],
    Cmd: ["sleep", "infinity"],
    Labels: { "assay.test": "cluster" },
    HostConfig: { NetworkMode: "none", IpcMode: "shareable" },
  });
  await engine.start(run.shared);
  for (const container of pod.spec!.containers) {
    const words = join(mkdtempSync(join(tmpdir(), "assay-pod-")), "words");
    writeFileSync(words, "");
    chmodSync(words, 0o666);
    run.words.set(container.name, words);
    const id = await engine.create(asDocker(name!, container, words, run.shared));
    run.ids.set(container.name, id);
    await engine.start(id);
  }
  return run;
}

/** @param shared the container whose network and System V objects it has */
function asDocker(pod: string, one: V1Container, words: string, shared: string): ContainerCreateOptions {
  const { runAsUser, runAsGroup } = one.securityContext!;
  const mounts = (one.volumeMounts ?? []).map(({ name, mountPath, readOnly = false }) => {
    return { Type: "volume" as const, Source: `${pod}-${name}`, Target: mountPath, ReadOnly: readOnly };
  });
  const wordsAt = { Source: words, Target: one.terminationMessagePath ?? "/dev/termination-log" };
  return {
    Image: one.image!,
    Entrypoint: [],
    Cmd: one.command!,
    User: `${runAsUser}:${runAsGroup}`,
    Env: (one.env ?? []).map(({ name, value }) => `${name}=${value}`),
    WorkingDir: "/",
    Labels: { "assay.test": "cluster" },
    OpenStdin: one.stdin ?? false,
    StdinOnce: one.stdinOnce ?? false,
    HostConfig: {
      NetworkMode: `container:${shared}`,
      IpcMode: `container:${shared}`,
      CapDrop: one.securityContext!.capabilities!.drop!,
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: one.securityContext!.readOnlyRootFilesystem!,
      Memory: Number(one.resources!.limits!.memory),
      Mounts: [...mounts, { Type: "bind", ReadOnly: false, ...wordsAt }],
    },
  };
}

async function withStatus({ pod, ids, words }: Run): Promise<V1Pod> {
  const containerStatuses = await Promise.all(
    [...ids].map(async ([name, id]) => {
      const { State, Image } = await engine.docker.getContainer(id).inspect();
      const ended = {
        exitCode: State.ExitCode,
        reason: State.OOMKilled ? "OOMKilled" : State.ExitCode === 0 ? "Completed" : "Error",
        message: readFileSync(words.get(name)!, "utf8"),
        finishedAt: State.FinishedAt,
      };
      const state = State.Running ? { running: { startedAt: State.StartedAt } } : { terminated: ended };
      return { name, image: "", imageID: Image, ready: State.Running, restartCount: 0, state };
    }),
  );
  const alive = containerStatuses.some(({ ready }) => ready);
  return { ...pod, status: { phase: alive ? "Running" : "Succeeded", containerStatuses } as never };
}

async function remove(runs: Map<string, Run>, name: string): Promise<void> {
  const { ids, shared, volumes } = runs.get(name)!;
  runs.delete(name);
  for (const id of [...ids.values(), shared]) await engine.remove(id);
  for (const volume of volumes) await engine.removeVolume(volume);
}
