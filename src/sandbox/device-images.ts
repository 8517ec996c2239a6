// Which images may ask for a device. The container toolkit acts on an image's ENV with the host's rights (CVE-2024-0132,
// CVE-2025-23266), so only images that we imported ourselves, flattened, with nothing of their own to say.
import type { Engine } from "./engine.ts";
import { SandboxFault } from "./fault.ts";

/** The image that a suite's students meet on a real device; its harness stays the suite's own. */
export const DEVICE_IMAGE = "python-cuda";

const OUR_ENV = /^PATH=/;

export interface ImageFacts {
  labels: Record<string, string>;
  volumes: string[];
  env: string[];
  entrypoint: string[];
}

/** Why an image may not have a device; null where it may. */
export function whyNoDevice({ labels, volumes, env, entrypoint }: ImageFacts): string | null {
  if (labels["assay.kind"] !== "student" || !labels["assay.image"]) return "it is not one of Assay's own";
  const foreign = env.filter((entry) => !OUR_ENV.test(entry));
  if (foreign.length > 0) return `it sets ${foreign.map((entry) => entry.split("=")[0]).join(", ")}`;
  if (entrypoint.length > 0) return "it has an ENTRYPOINT";
  return volumes.length > 0 ? "it has a VOLUME" : null;
}

/** @throws SandboxFault where `image` may not have a device */
export async function allowDevice(engine: Engine, image: string): Promise<void> {
  const facts = await engine.image(image);
  const why = facts ? whyNoDevice(facts) : "it is not here";
  if (why) throw new SandboxFault(`no device for the image ${image}: ${why}`);
}
