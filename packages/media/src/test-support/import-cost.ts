/** Opens the pipeline, then a picture that must be changed, and prints which libraries were loaded by then, as JSON. */
import { mkdtemp, rm } from "node:fs/promises";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const HEAVY = ["file-type", "sharp", "undici"];
const loaded = new Set<string>();

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(found.url)?.[1];
    if (name !== undefined && HEAVY.includes(name)) loaded.add(name);
    return found;
  },
});

const directory = await mkdtemp(join(tmpdir(), "switchboard-media-"));
const { openMediaPipeline } = await import("../index.ts");
const { createEgress } = await import("../egress/index.ts");
const { DEFAULT_TENANT } = await import("@switchboard/domain");
const gif = Buffer.from("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=", "base64");
const pipeline = await openMediaPipeline({
  directory,
  egress: createEgress(),
  readBlob: async () => ({ stream: new Blob([gif]).stream(), size: gif.length }),
});
const atStart = [...loaded].sort();
const { signal } = new AbortController();
const rules = { maxBytes: 10_000, types: ["image/jpeg"] };
const media = await pipeline.outbound(DEFAULT_TENANT, { kind: "image", source: { blob: "b" } }, rules, signal);
await new Response(media.stream).arrayBuffer();
console.log(JSON.stringify({ atStart, afterPicture: [...loaded].sort() }));
await rm(directory, { recursive: true, force: true });
