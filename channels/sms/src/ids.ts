/**
 * Names of this channel. A conversation is the other side's number in E.164 (`+15551234567`) or a short code (`12345`);
 * a message is its SID, `SM…` or `MM…` and 32 hexadecimal digits.
 */
import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { type ChannelId, parseJsonObject, SwitchboardError } from "@switchboard/domain";

/** Read from the package's own `switchboard.channel` field, so that a copied folder is another channel by that alone. */
export const CHANNEL_ID: ChannelId = readChannelId();

/** What can be written to: https://www.twilio.com/docs/glossary/what-e164 and short codes. */
const ADDRESS = /^(\+[1-9]\d{6,14}|\d{3,8})$/;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

function readChannelId(): ChannelId {
  const path = findPackageJSON(import.meta.url);
  const manifest = path === undefined ? undefined : parseJsonObject(readFileSync(path, "utf8"));
  const field: unknown = manifest?.switchboard;
  const id = typeof field === "object" && field !== null && "channel" in field ? field.channel : undefined;
  if (typeof id !== "string") throw new SwitchboardError("CFG_002", `No channel id in ${path ?? "the package"}.`);
  return id as ChannelId;
}
