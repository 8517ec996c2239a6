// The installation's secret that signs session cookies.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Reads `auth-secret` under the installation's folder, made at the first start and readable by its owner only. */
export async function authSecret(home: string): Promise<string> {
  const path = join(home, "auth-secret");
  await mkdir(home, { recursive: true });
  await writeFile(path, `${randomBytes(32).toString("base64url")}\n`, { flag: "wx", mode: 0o600 }).catch(
    (error) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  const secret = (await readFile(path, "utf8")).trim();
  if (secret.length < 32) throw new Error(`${path} is damaged; remove it, and everyone signs in again`);
  return secret;
}
