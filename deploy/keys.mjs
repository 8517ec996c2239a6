// Makes what the installation's processes sign in to the database with: at the first start, once, and never again.
//
//   keys.mjs SERVER DATABASE OWNER WEB WORKER
// The server as host:port, then folders, each mounted where it is needed and nowhere else:
//   DATABASE/{superuser,owner,web,worker,reader}   passwords, for the database's own container (deploy/database.sh)
//   OWNER/{owner,web,worker,reader}                addresses, for `assay migrate`
//   WEB/database-url, WORKER/database-url          the one address that `serve` and `worker` each have
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [server, database, owner, web, worker] = process.argv.slice(2);
if (worker === undefined) throw new Error("usage: keys.mjs SERVER DATABASE OWNER WEB WORKER");
/** The account of the image; whoever has not started as root has nothing to give away. */
const ACCOUNT = 10001;
const isRoot = process.getuid?.() === 0;

/** The database's container runs as an account of its own, so its folder is what guards these. */
const FOR_EVERY_ACCOUNT = 0o444;
const FOR_OURS = 0o400;

const password = (role) => {
  const file = join(database, role);
  write(file, () => randomBytes(24).toString("base64url"), FOR_EVERY_ACCOUNT);
  return readFileSync(file, "utf8");
};
const address = (role) => {
  const user = role === "owner" ? "assay" : `assay_${role}`;
  return `postgres://${user}:${password(role)}@${server}/assay`;
};

password("superuser");
for (const role of ["owner", "web", "worker", "reader"])
  write(join(owner, role), () => address(role), FOR_OURS);
write(join(web, "database-url"), () => address("web"), FOR_OURS);
write(join(worker, "database-url"), () => address("worker"), FOR_OURS);

function write(file, value, mode) {
  if (existsSync(file)) return;
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, value(), { mode, flag: "wx" });
  if (isRoot && mode === FOR_OURS) chownSync(file, ACCOUNT, ACCOUNT);
}
