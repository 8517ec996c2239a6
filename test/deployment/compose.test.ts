// docker-compose.yml without Compose: what it says of each service is checked, and each service's command and health
// check are run on this machine, in the file's order, with its volumes as folders and a real PostgreSQL 18.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { openEngine } from "../../src/sandbox/engine.ts";
import { missingImages } from "../../src/sandbox/images.ts";
import { until } from "../support/until.ts";
import { onThisMachine, readComposeFile, root } from "./compose-file.ts";
import { type DatabaseContainer, startDatabase } from "./database-container.ts";

const { services, volumes, networks } = readComposeFile();
const processes = ["serve", "worker"];
const socketOf = (name: string) =>
  (services[name]?.volumes ?? []).some((line) => line.includes("docker.sock"));

describe("what the file says", () => {
  test("server, worker and PostgreSQL 18 are there, and what each waits for", () => {
    expect(Object.keys(services)).toEqual(expect.arrayContaining(["database", "migrate", "serve", "worker"]));
    expect(services.database?.image).toBe("postgres:18");
    for (const name of processes)
      expect(services[name]?.depends_on).toEqual({
        migrate: { condition: "service_completed_successfully" },
      });
    expect(services.migrate?.depends_on).toEqual({ database: { condition: "service_healthy" } });
  });

  test("every volume that a service names is declared, and one of them holds the blobs of both", () => {
    const named = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((line) => line.split(":")[0]!).filter((from) => /^[a-z]/.test(from)),
    );
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort());
    for (const name of processes) expect(services[name]?.volumes).toContain("blobs:/data/blobs");
  });

  test("only the worker has the engine's socket, and only the owner's address can migrate", () => {
    expect(Object.keys(services).filter(socketOf)).toEqual(["worker", "worker-gpu"]);
    const owners = Object.keys(services).filter((name) => services[name]?.environment?.DATABASE_URL_FILE);
    expect(owners).toEqual(["migrate", "backup"]);
    for (const name of processes) expect(services[name]?.volumes?.join()).not.toContain("owner-keys");
  });

  test("what goes on running has a health check and is started again; what runs once is not", () => {
    for (const [name, { restart, healthcheck, profiles }] of Object.entries(services)) {
      const once = ["keys", "migrate"].includes(name) || (profiles ?? []).includes("tools");
      expect([name, restart, healthcheck !== undefined]).toEqual([
        name,
        once ? "no" : "unless-stopped",
        !once,
      ]);
    }
  });

  test("our containers have a read-only root, and no capability that the file does not name", () => {
    const both = ["SETUID", "SETGID"];
    const given: Record<string, string[]> = {
      ...{ keys: ["CHOWN", "DAC_OVERRIDE"], worker: both, "worker-gpu": both },
    };
    for (const [name, service] of Object.entries(services)) {
      if (name === "database") continue;
      expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
      expect(service.cap_add ?? []).toEqual(given[name] ?? []);
      expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    }
  });

  test("the profile for GPUs reserves them for a worker that takes nothing else and is otherwise like the other", () => {
    const { worker, "worker-gpu": gpu } = services;
    expect(gpu).toEqual({
      ...worker,
      profiles: ["gpu"],
      command: ["worker", "--images", "--lanes", "gpu"],
      environment: { ...worker?.environment, ASSAY_GPUS: "auto" },
      deploy: {
        resources: {
          reservations: { devices: [{ driver: "nvidia", count: "all", capabilities: ["gpu", "utility"] }] },
        },
      },
    });
  });

  test("the database is reached from inside only, the pages from this machine only unless told otherwise", () => {
    expect(networks.inside).toEqual({ internal: true });
    expect(services.database?.networks).toEqual(["inside"]);
    expect(services.database?.ports).toBeUndefined();
    expect(services.serve?.ports).toEqual(["127.0.0.1:3000:3000"]);
  });

  test("every variable is one that the configuration knows", async () => {
    const { environment } = await import("../../src/platform/config.ts");
    const known = new Set([...Object.keys(environment.shape), "TMPDIR", "ASSAY_RUNTIME", "DOCKER_HOST"]);
    for (const [name, { environment: own = {} }] of Object.entries(services)) {
      if (name === "database") continue;
      for (const key of Object.keys(own))
        expect([key, known.has(key.replace(/_FILE$/, "")) || known.has(key)]).toEqual([key, true]);
    }
  });

  test("every file that the image and the services start from is there", async () => {
    const words = Object.values(services).flatMap(({ entrypoint = [], healthcheck }) => [
      ...entrypoint,
      ...(healthcheck?.test ?? []),
    ]);
    for (const word of words.filter((one) => one.endsWith(".mjs"))) await stat(join(root, word));
    const dockerfile = await readFile(join(root, "Dockerfile"), "utf8");
    for (const [, from] of dockerfile.matchAll(/^COPY (?!--from)(\S+(?: \S+)*) \S+$/gm))
      for (const path of from!.split(" ")) await stat(join(root, path));
  });
});

const has = (program: string) => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const clients = has("psql") && has("pg_isready");
const engine = openEngine();
const images =
  clients &&
  (await engine.ping().then(
    () => missingImages(["python-ml"], engine),
    () => null,
  ));
const canGrade = images !== null && images !== false && images.length === 0;

describe.skipIf(!clients)(
  "what each service does (needs psql and pg_isready: Debian's postgresql-client)",
  () => {
    const children: ChildProcess[] = [];
    let database: DatabaseContainer | undefined;
    let folder = "";
    const ports = { database: 0, serve: 0 };

    afterAll(async () => {
      for (const child of children) child.kill("SIGKILL");
      await database?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const located = (name: string) => onThisMachine(services[name]!, folder, name);

    async function launch(name: string): Promise<ChildProcess> {
      const { entrypoint = ["node", "bin/assay.mjs"], command = [] } = services[name]!;
      const { env, words } = await located(name);
      const [, ...args] = words([...entrypoint, ...command]);
      if (name === "keys") args[args.indexOf("database:5432")] = `127.0.0.1:${ports.database}`;
      const { DATABASE_URL: _, ...own } = process.env;
      // Of the image: where its data lie. Another port, since 3000 may be somebody's here. This machine's account, since
      // no folder here is the image's account's.
      const image = { ASSAY_HOME: (await located(name)).place("/data"), HOST: "127.0.0.1" };
      const here = {
        ASSAY_ACCOUNT: String(process.getuid?.()),
        ...(name === "serve" && { PORT: String(ports.serve) }),
      };
      const child = spawn(process.execPath, args, {
        cwd: root,
        env: { ...own, ...image, ...env, ...here, ASSAY_NODE_CHOSEN: "1" },
        stdio: ["ignore", "ignore", "pipe"],
      });
      children.push(child);
      return child;
    }

    async function done(name: string): Promise<{ code: number | null; said: string }> {
      const child = await launch(name);
      let said = "";
      child.stderr?.on("data", (part) => (said += part));
      const [code] = await once(child, "exit");
      return { code, said };
    }

    /** Runs the health check itself. @returns its exit code */
    async function health(name: string): Promise<number> {
      const [kind, program, ...args] = services[name]!.healthcheck!.test;
      expect(kind).toBe("CMD");
      const { env, words } = await located(name);
      const here = { PORT: String(name === "serve" ? ports.serve : 0) };
      const [file, rest] = [program === "node" ? process.execPath : program!, words(args)];
      if (name === "database") rest[rest.indexOf("--port=5432")] = `--port=${ports.database}`;
      const timeout = Number.parseInt(services[name]!.healthcheck!.timeout, 10) * 1000;
      return promisify(execFile)(file, rest, {
        cwd: root,
        env: { ...process.env, ...env, ...here },
        timeout,
      }).then(
        () => 0,
        (error) => error.code ?? 1,
      );
    }

    test("keys: passwords are made once, and no process has another's", { timeout: 30_000 }, async () => {
      folder = await mkdtemp(join(tmpdir(), "assay-compose-"));
      await chmod(folder, 0o755);
      ports.database = await freePort();
      ports.serve = await freePort();
      expect(await done("keys")).toEqual({ code: 0, said: "" });
      const text = (path: string) => readFile(join(folder, "volumes", path), "utf8");
      const before = await text("database-keys/web");
      expect(await done("keys")).toEqual({ code: 0, said: "" });
      expect(await text("database-keys/web")).toBe(before);
      expect(await text("web/database-url")).toBe(
        `postgres://assay_web:${before}@127.0.0.1:${ports.database}/assay`,
      );
      expect(await readdir(join(folder, "volumes/web"))).toEqual(["database-url"]);
      expect(await text("worker/database-url")).not.toContain(before);
      expect((await stat(join(folder, "volumes/web/database-url"))).mode & 0o077).toBe(0);
    });

    test("database: its script makes the roles, and its health check tells it from none", {
      timeout: 60_000,
    }, async () => {
      expect(await health("database")).not.toBe(0);
      const { env, place } = await located("database");
      const scripts = [place("/docker-entrypoint-initdb.d/10-assay.sh")];
      database = await startDatabase(
        place("/var/lib/postgresql"),
        ports.database,
        { ...env, ASSAY_KEYS: place("/keys/database") },
        scripts,
      );
      expect(await health("database")).toBe(0);
    });

    test("migrate: the owner makes the tables, and a second time changes nothing", {
      timeout: 60_000,
    }, async () => {
      expect((await done("migrate")).code).toBe(0);
      expect((await done("migrate")).code).toBe(0);
    });

    test("serve: healthy with its one address, not before; it ends when told", {
      timeout: 90_000,
    }, async () => {
      expect(await health("serve")).toBe(1);
      const server = await launch("serve");
      await until("it is healthy", async () => (await health("serve")) === 0, 60_000);
      expect((await fetch(`http://127.0.0.1:${ports.serve}/sign-in`)).status).toBe(200);
      expect(await told(server)).toBe(0);
      expect(await health("serve")).toBe(1);
    });

    test.skipIf(!canGrade)(
      "worker: healthy while its pulse is young; it ends when told (needs Docker and its images)",
      {
        timeout: 120_000,
      },
      async () => {
        expect(await health("worker")).toBe(1);
        const worker = await launch("worker");
        await until("it is healthy", async () => (await health("worker")) === 0, 60_000);
        const alive = (await located("worker")).place("/tmp/alive");
        worker.kill("SIGSTOP");
        await utimes(alive, new Date(Date.now() - 31_000), new Date(Date.now() - 31_000));
        expect(await health("worker")).toBe(1);
        worker.kill("SIGCONT");
        await until("it is healthy again", async () => (await health("worker")) === 0, 15_000);
        expect(await told(worker)).toBe(0);
      },
    );

    test("backup: with the owner's address and both volumes", { timeout: 60_000 }, async () => {
      services.backup!.volumes!.push("backup:/backup");
      expect((await done("backup")).code).toBe(0);
      expect(await readdir(join(folder, "volumes/backup"))).toContain("backup.json");
    });
  },
);

async function told(child: ChildProcess): Promise<number | null> {
  const over = once(child, "exit");
  child.kill("SIGTERM");
  return (await over)[0];
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  return port;
}
