// What a sandbox may do, seen from outside (docker inspect) and from inside (a submission that tries).
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEngine } from "./engine.ts";
import { LABELS } from "./owner.ts";
import { openSandboxPool, type SandboxPair, type SandboxPool } from "./pool.ts";
import { freshHome, recorder, submission, tinySuite, whyNoSandbox } from "./testing/fixtures.ts";

const skipped = await whyNoSandbox();
if (skipped) console.warn(`skipped: ${skipped}`);
const signal = new AbortController().signal;
const MiB = 1024 ** 2;

/** The submission's answer comes out as the text of a failed assertion. */
const ASKS = `
from assay import points

@points(1)
def test_probe(student, reference, rng):
    answer = student.work.probe()
    assert False, answer
`;

const PROBE = `
import json, os, socket

def tried(action):
    try:
        return "done: %r" % (action(),)
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)

def capabilities():
    return [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm", "CapBnd"))]

def syscall(number, *args):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(number, *args), os.strerror(ctypes.get_errno())

def connect(*address):
    with socket.socket() as s:
        s.settimeout(2)
        s.connect(address)

def files_until_full(folder):
    for n in range(200_000):
        try:
            open(f"{folder}/f{n}", "x").close()
        except OSError as error:
            return n, error.strerror

def processes_until_full():
    children = []
    try:
        while len(children) < 500:
            pid = os.fork()
            if pid == 0:
                import time
                time.sleep(60)
                os._exit(0)
            children.append(pid)
    except OSError as error:
        for pid in children:
            os.kill(pid, 9)
        return len(children) < 64, error.strerror

def probe():
    return json.dumps({
        "uid": os.getuid(),
        "capabilities": capabilities(),
        "write_root": tried(lambda: open("/x", "w")),
        "write_opt": tried(lambda: open("/opt/assay/runner/main.py", "a")),
        "write_socket_volume": tried(lambda: open("/run/assay/x", "w")),
        "interfaces": os.listdir("/sys/class/net"),
        "internet": tried(lambda: connect("1.1.1.1", 53)),
        "metadata": tried(lambda: connect("169.254.169.254", 80)),
        "dns": tried(lambda: socket.gethostbyname("example.org")),
        "alg": tried(lambda: socket.socket(38, socket.SOCK_SEQPACKET)),
        "netlink": tried(lambda: socket.socket(16, socket.SOCK_RAW)),
        "unshare": syscall(272, 0x10000000)[1],
        "mount": syscall(165, 0, 0, 0, 0, 0)[1],
        "ptrace": syscall(101, 16, 1, 0, 0)[1],
        "keyctl": syscall(250, 0, 0, 0)[1],
        "bpf": syscall(321, 0, 0, 0)[1],
        "io_uring": syscall(425, 1, 0)[1],
        "shm": syscall(29, 1, 4096, 0o1666)[1],
        "environment": sorted(os.environ),
        "tests": [p for p in ("/bank", "/tmp/suite", "/opt/assay/harness", "/opt/assay/harness/assay") if os.path.exists(p)],
        "pytest": tried(lambda: __import__("pytest")),
        "exec_tmp": tried(lambda: exec_in_tmp()),
        "processes": processes_until_full(),
        "inodes": files_until_full("/tmp"),
    })

def exec_in_tmp():
    import shutil, subprocess
    shutil.copy("/bin/true", "/tmp/true")
    os.chmod("/tmp/true", 0o755)
    return subprocess.run(["/tmp/true"]).returncode
`;

describe.skipIf(skipped)("a sandbox", () => {
  let pool: SandboxPool;
  let pair: SandboxPair;
  let found: Record<string, unknown>;
  const home = freshHome();
  const inspected: Record<string, Awaited<ReturnType<typeof inspect>>> = {};

  async function inspect(id: string) {
    return openEngine().docker.getContainer(id).inspect();
  }

  beforeAll(async () => {
    pool = await openSandboxPool({ home: home.path, background: false });
    pair = await pool.acquire(tinySuite({ per_test: 20 }, ASKS), signal);
    for (const { id, labels } of await openEngine().containers(`${LABELS.owner}=${home.installation}`)) {
      inspected[labels[LABELS.kind] ?? ""] = await inspect(id);
    }
    const { ends, on } = recorder();
    await pair.run(await submission(PROBE), on, signal);
    found = JSON.parse(ends.test_probe?.message?.en ?? "{}");
  }, 120_000);
  afterAll(async () => {
    pair?.release();
    await pool?.close();
  });

  test.each(["student", "harness"])("of the %s is shut in, as docker inspect shows", (kind) => {
    const container = inspected[kind];
    expect(container?.HostConfig).toMatchObject({
      NetworkMode: "none",
      CapDrop: ["ALL"],
      ReadonlyRootfs: true,
      Privileged: false,
      PidsLimit: 64,
      Memory: 256 * MiB,
      MemorySwap: 256 * MiB,
      NanoCpus: 1e9,
      IpcMode: "private",
      LogConfig: { Type: "none" },
    });
    expect(container?.HostConfig.CapAdd ?? []).toEqual([]);
    expect(container?.HostConfig.Binds ?? []).toEqual([]);
    const [noNew, seccomp] = container?.HostConfig.SecurityOpt ?? [];
    expect(noNew).toBe("no-new-privileges");
    expect(seccomp).toContain('"defaultAction":"SCMP_ACT_ERRNO"');
    expect(container?.Config.User).not.toMatch(/^(0|root|)(:|$)/);
  });

  test("the two have different users, and images without a common layer", async () => {
    const { student, harness } = inspected;
    expect(student?.Config.User).toMatch(/^11\d{8}:/);
    expect(harness?.Config.User).toMatch(/^12\d{8}:/);
    const [a, b] = await Promise.all([student, harness].map((one) => openEngine().image(one?.Image ?? "")));
    expect(a?.layers).toHaveLength(1);
    expect(b?.layers).toHaveLength(1);
    expect(a?.layers).not.toEqual(b?.layers);
  });

  test("the student's mounts are one socket volume, read-only", () => {
    expect(inspected.student?.Mounts).toMatchObject([
      { Type: "volume", Destination: "/run/assay", RW: false },
    ]);
  });

  test("from inside: no capability, no network, nothing to write but tmpfs", () => {
    expect(`${found.uid}:${found.uid}`).toBe(inspected.student?.Config.User);
    expect(found.capabilities).toEqual(["0000000000000000", "0000000000000000", "0000000000000000"]);
    expect(found.interfaces).toEqual(["lo"]);
    for (const way of ["internet", "metadata", "dns", "alg", "netlink"]) {
      expect(found[way], way).toMatch(/Error|gaierror/);
    }
    for (const place of ["write_root", "write_opt", "write_socket_volume"]) {
      expect(found[place], place).toMatch(/Read-only file system|Permission denied/);
    }
    expect(found.exec_tmp).toMatch(/PermissionError/);
  });

  test.each(["unshare", "mount", "ptrace", "keyctl", "bpf", "io_uring"])(
    "from inside: %s is denied",
    (name) => {
      expect(found[name]).toBe("Operation not permitted");
    },
  );

  test("from inside: no System V memory, no tests, no pytest, nothing in the environment", () => {
    expect(found.shm).toBe("No space left on device");
    expect(found.tests).toEqual([]);
    expect(found.pytest).toMatch(/ModuleNotFoundError/);
    expect(
      (found.environment as string[]).filter((name) => /ASSAY|KEY|TOKEN|DATABASE|DOCKER/i.test(name)),
    ).toEqual([]);
  });

  test("from inside: processes and files come to an end", () => {
    expect(found.processes).toEqual([true, "Resource temporarily unavailable"]);
    const [files, reason] = found.inodes as [number, string];
    expect(files).toBeLessThan(65_536);
    expect(reason).toBe("No space left on device");
  });
});
