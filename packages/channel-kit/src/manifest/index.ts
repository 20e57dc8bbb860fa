/** What a channel's package says of itself. */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { type ChannelId, parseJsonObject, SwitchboardError } from "@switchboard/domain";

/**
 * The id in the `switchboard.channel` field of the package that `module` (an `import.meta.url`) belongs to, so that a
 * copied folder is another channel by that field alone. @throws CFG_002 when there is none.
 */
export function readChannelId(module: string): ChannelId {
  const path = findPackageJSON(module);
  const manifest = path === undefined ? undefined : parseJsonObject(readFileSync(path, "utf8"));
  const field: unknown = manifest?.switchboard;
  const id = typeof field === "object" && field !== null && "channel" in field ? field.channel : undefined;
  if (typeof id !== "string") throw new SwitchboardError("CFG_002", `No channel id in ${path ?? "the package"}.`);
  return id as ChannelId;
}
