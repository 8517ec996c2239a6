// Database roles: the owner migrates; web, worker and reader have what grants.ts says and nothing else, so that
// whoever takes over a process has only what that process needs.
import { createHash } from "node:crypto";
import type { Sql, TransactionSql } from "postgres";
import { InfrastructureFault } from "./errors.ts";
import { queueGrants, type TableGrants, tableGrants } from "./grants.ts";
import { QUEUE_SCHEMA } from "./queue.ts";

export const limitedRoles = ["web", "worker", "reader"] as const;
export type LimitedRole = (typeof limitedRoles)[number];
export type DatabaseRole = "owner" | LimitedRole;
/** Where each role connects; without an address of its own it uses the owner's. */
export type RoleAddresses = Partial<Record<LimitedRole, string>>;

/** Of roles for which no address is given: they get their grants too, where they exist. */
const defaultName = (role: LimitedRole) => `assay_${role}`;
const MIGRATIONS_SCHEMA = "drizzle";
/** The first PostgreSQL where a role that is no owner may be allowed to rebuild pg-boss's bloated indexes. */
const MAINTAIN_SINCE = 170_000;

export const userOf = (address: string) => decodeURIComponent(new URL(address).username);

/**
 * Puts grants.ts in force, whatever was granted before. As the owner, after the migrations, alone.
 * @throws InfrastructureFault when a role is missing that the owner may not create; it says the statement.
 */
export async function applyGrants(sql: Sql, addresses: RoleAddresses): Promise<void> {
  for (const role of limitedRoles) await ensureRole(sql, addresses[role]);
  await sql.begin(async (tx) => {
    const roles = await limitedOf(tx, addresses);
    const statements = [...(await statementsFor(tx, roles)), remember(roles)];
    await tx.unsafe(statements.join(";\n"));
  });
}

async function ensureRole(sql: Sql, address: string | undefined): Promise<void> {
  if (address === undefined) return;
  const name = userOf(address);
  if ((await sql`select from pg_roles where rolname = ${name}`).length > 0) return;
  const password = decodeURIComponent(new URL(address).password);
  const create = `create role ${identifier(name)} login password`;
  try {
    await sql.unsafe(`${create} ${literal(password)}`);
  } catch (cause) {
    // Two installations on one server may migrate at once.
    if ((cause as { code?: string }).code === "42710") return;
    throw new InfrastructureFault(
      `there is no role ${name}, and DATABASE_URL's may not create it. As an administrator of the server: ${create} '…'`,
      { cause },
    );
  }
}

/** The roles to limit that there are; the owner under another name is not limited. */
async function limitedOf(
  tx: TransactionSql,
  addresses: RoleAddresses,
): Promise<Partial<Record<LimitedRole, string>>> {
  const found: Partial<Record<LimitedRole, string>> = {};
  for (const role of limitedRoles) {
    const address = addresses[role];
    const name = address === undefined ? defaultName(role) : userOf(address);
    const rows = await tx`select from pg_roles where rolname = ${name} and rolname <> current_user`;
    if (rows.length > 0) found[role] = name;
  }
  return found;
}

async function statementsFor(
  tx: TransactionSql,
  roles: Partial<Record<LimitedRole, string>>,
): Promise<string[]> {
  const tables = await ownTables(tx);
  const queue = tables.filter((table) => table.startsWith(`${QUEUE_SCHEMA}.`));
  const [server] = await tx`select current_setting('server_version_num')::int as version`;
  const maintain = (server?.version ?? 0) >= MAINTAIN_SINCE ? ", maintain" : "";
  const statements = ["revoke create on schema public from public"];
  for (const [role, name] of Object.entries(roles) as [LimitedRole, string][]) {
    const who = identifier(name);
    statements.push(`revoke all on ${tables.join(", ")} from ${who}`);
    statements.push(`grant usage on schema public, ${MIGRATIONS_SCHEMA} to ${who}`);
    statements.push(`grant select on ${MIGRATIONS_SCHEMA}.__drizzle_migrations to ${who}`);
    for (const [table, grants] of Object.entries(tableGrants)) {
      if (grants[role]) statements.push(`grant ${grants[role]} on public.${identifier(table)} to ${who}`);
    }
    const jobs = queueGrants[role];
    if (!jobs) continue;
    statements.push(`grant usage on schema ${QUEUE_SCHEMA} to ${who}`);
    statements.push(`grant ${jobs}${maintain} on ${queue.join(", ")} to ${who}`);
    // A queue that is made again (queue.ts) is a new table of the owner's.
    statements.push(
      `alter default privileges in schema ${QUEUE_SCHEMA} grant ${jobs}${maintain} on tables to ${who}`,
    );
  }
  return statements;
}

async function ownTables(tx: TransactionSql): Promise<string[]> {
  const schemas = ["public", MIGRATIONS_SCHEMA, QUEUE_SCHEMA];
  const rows = await tx<{ name: string }[]>`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${tx(schemas)} and c.relkind in ('r', 'p', 'v')
      and pg_get_userbyid(c.relowner) = current_user`;
  return rows.map(({ name }) => name);
}

interface Remembered {
  grants: string;
  roles: Partial<Record<LimitedRole, string>>;
}

const fingerprint = createHash("sha256")
  .update(JSON.stringify([tableGrants, queueGrants] satisfies [unknown, TableGrants]))
  .digest("hex")
  .slice(0, 16);

/** What is in force stands in the database itself, where each role can read it: see `grantsInForce`. */
function remember(roles: Remembered["roles"]): string {
  const said: Remembered = { grants: fingerprint, roles };
  return `comment on schema ${MIGRATIONS_SCHEMA} is ${literal(JSON.stringify(said))}`;
}

/** True when this version's grants are in force for the roles of these addresses. */
export async function grantsInForce(sql: Sql, addresses: RoleAddresses): Promise<boolean> {
  const [row] = await sql`
    select obj_description(oid, 'pg_namespace') as said, pg_get_userbyid(nspowner) as owner
    from pg_namespace where nspname = ${MIGRATIONS_SCHEMA}`;
  if (!row?.said) return false;
  const { grants, roles } = JSON.parse(row.said) as Remembered;
  const known = (role: LimitedRole, address: string) =>
    userOf(address) === row.owner || roles[role] === userOf(address);
  return (
    grants === fingerprint &&
    limitedRoles.every((role) => addresses[role] === undefined || known(role, addresses[role]))
  );
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
