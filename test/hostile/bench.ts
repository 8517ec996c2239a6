// The real engine for the corpus: intake, sandboxes and student view as the product uses them, with at most one
// control taken away.
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gradeSubmission } from "../../src/judge/grade.ts";
import { readFolder, type Suite, type SuiteFile, suiteOf, tarOf } from "../../src/judge/read-suite.ts";
import type { Report, TestReport } from "../../src/judge/report.ts";
import { runKey } from "../../src/judge/seed.ts";
import { type Engine, openEngine } from "../../src/sandbox/engine.ts";
import { installationId, LABELS } from "../../src/sandbox/owner.ts";
import { openSandboxPool, type SandboxPool } from "../../src/sandbox/pool.ts";
import { type ArchiveReader, createArchiveReader } from "../../src/storage/archive.ts";
import { type BlobStore, diskBlobs } from "../../src/storage/blobs.ts";
import { type ControlName, engineWithout } from "./controls.ts";
import { looseArchive } from "./loose-archive.ts";

const SUITE = fileURLToPath(new URL("suite/", import.meta.url));

export interface Graded {
  report: Report;
  /** Every test's result in the order in which a page would have been told of it. */
  told: TestReport[];
}

export class HostileBench {
  readonly without: ControlName | null;
  readonly suiteFiles: SuiteFile[];
  readonly #home: string;
  readonly #installation: string;
  readonly #engine: Engine;
  readonly #blobs: BlobStore;
  readonly #reader: ArchiveReader;
  readonly #pool: SandboxPool;
  readonly #made: string[];
  #uploads = 0;

  private constructor(without: ControlName | null, suiteFiles: SuiteFile[], pool: SandboxPool, parts: Parts) {
    this.without = without;
    this.suiteFiles = suiteFiles;
    this.#home = parts.home;
    this.#installation = installationId(parts.home);
    this.#engine = parts.engine;
    this.#made = parts.made;
    this.#pool = pool;
    this.#blobs = diskBlobs(join(parts.home, "blobs"));
    this.#reader = createArchiveReader({ blobs: this.#blobs, children: 2 });
  }

  static async open(without: ControlName | null = null): Promise<HostileBench> {
    const home = mkdtempSync(join(tmpdir(), "assay-hostile-"));
    const made: string[] = [];
    const real = openEngine();
    const changed = without ? engineWithout(real, without) : real;
    const create: Engine["create"] = async (options) => {
      const id = await changed.create(options);
      made.push(id);
      return id;
    };
    const engine = { ...changed, create };
    const pool = await openSandboxPool({ home, engine, background: false, slots: 24 });
    return new HostileBench(without, await readFolder(SUITE), pool, { home, engine, made });
  }

  /** The suite with these files laid over it. */
  suite(over: SuiteFile[] = []): Suite {
    const kept = this.suiteFiles.filter(({ path }) => !over.some((file) => file.path === path));
    return suiteOf([...kept, ...over]);
  }

  /** Intake and grading of a ZIP. @throws UserError where the upload is refused, InfrastructureFault */
  async grade(zip: Buffer, suite: Suite, secret: Buffer = randomBytes(32)): Promise<Graded> {
    const archive = await this.#read(zip, suite);
    const { suite: graded, key } = this.#task(suite, zip, archive, secret);
    const told: TestReport[] = [];
    const report = await gradeSubmission(
      this.#pool,
      this.#blobs,
      { suite: graded, archive: { bytes: archive.bytes, open: () => this.#blobs.open(archive.hash) }, key },
      {
        onTest: (test) => {
          told.push(test);
        },
      },
    );
    return { report, told };
  }

  async #read(zip: Buffer, { config }: Suite): Promise<{ hash: string; bytes: number }> {
    if (this.without === "manifest") return this.#blobs.put(looseArchive(zip));
    const path = join(this.#home, `upload-${this.#uploads++}.zip`);
    await writeFile(path, zip);
    const { upload, unpacked } = config.limits;
    const limits = { archiveBytes: upload, unpackedBytes: unpacked, required: config.files.required };
    return (await this.#reader.read(path, limits)).tar;
  }

  #task(suite: Suite, zip: Buffer, archive: { hash: string }, secret: Buffer) {
    const inside = this.without === "wall" ? looseArchive.files(zip) : [];
    const files = [...suite.files, ...inside.map((file) => ({ ...file, path: `submission/${file.path}` }))];
    const hash = inside.length > 0 ? createHash("sha256").update(zip).digest("hex") : suite.hash;
    return {
      suite: { config: suite.config, hash, tar: async () => tarOf(files) },
      key: runKey(suite.config.seed, secret, archive.hash),
    };
  }

  /** Closes everything; what is left of it then: containers, volumes, processes. */
  async close(): Promise<string[]> {
    await Promise.all([this.#pool.close(), this.#reader.close()]);
    const mine = `${LABELS.owner}=${this.#installation}`;
    const containers = await this.#engine.containers(mine);
    const volumes = await this.#engine.volumes(mine);
    const processes = processesIn(this.#made);
    rmSync(this.#home, { recursive: true, force: true });
    return [
      ...containers.map(({ id }) => `container ${id.slice(0, 12)}`),
      ...volumes.map(({ id }) => `volume ${id}`),
      ...processes.map((pid) => `process ${pid}`),
    ];
  }
}

interface Parts {
  home: string;
  engine: Engine;
  made: string[];
}

/** Processes whose control group is one of these containers. */
function processesIn(containers: string[]): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8");
        return containers.some((id) => groups.includes(id));
      } catch {
        return false;
      }
    });
}
