import { expect, test } from "vitest";
import { type ImageFacts, whyNoDevice } from "./device-images.ts";

const ours: ImageFacts = {
  labels: { "assay.kind": "student", "assay.image": "python-ml" },
  env: ["PATH=/usr/bin"],
  volumes: [],
  entrypoint: [],
};

test("an image that we imported may have a device", () => expect(whyNoDevice(ours)).toBeNull());

test.each([
  ["another's image", { labels: {} }, /not one of Assay/],
  ["a harness", { labels: { ...ours.labels, "assay.kind": "harness" } }, /not one of Assay/],
  ["an image that kept an ENV", { env: ["PATH=/bin", "LD_PRELOAD=/x.so"] }, /LD_PRELOAD/],
  ["an image with an ENTRYPOINT", { entrypoint: ["/x"] }, /ENTRYPOINT/],
  ["an image with a VOLUME", { volumes: ["/data"] }, /VOLUME/],
])("%s may have none", (_, change, why) => expect(whyNoDevice({ ...ours, ...change })).toMatch(why));
