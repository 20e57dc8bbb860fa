/** `GET Messages.json`: newest first, by numbers and days, page by page. */
import type { JsonObject } from "@switchboard/domain";
import type { StoredMessage } from "../world/message.ts";
import type { World } from "../world/world.ts";
import { refusal } from "./refusals.ts";
import { accountPath, messageResource, page } from "./resources.ts";

const USUAL = 50;
const MOST = 1_000;

export function listMessages(world: World, query: URLSearchParams): JsonObject {
  const size = Math.min(MOST, Math.max(1, Number(query.get("PageSize") ?? USUAL) || USUAL));
  const index = Number(query.get("Page") ?? 0) || 0;
  const token = query.get("PageToken")?.slice(2);
  const matching = [...world.history.all()].filter(matcher(world, query)).reverse();
  const from = token === undefined ? index * size : matching.findIndex(({ sid }) => sid === token) + 1;
  const rows = matching.slice(from, from + size);
  const last = rows.at(-1);
  const path = (extra: Record<string, string>) => {
    const kept = [...query].filter(([name]) => name !== "Page" && name !== "PageToken");
    return `${accountPath(world)}/Messages.json?${new URLSearchParams([...kept, ...Object.entries(extra)])}`;
  };
  const more = last !== undefined && from + size < matching.length;
  const next = more ? path({ Page: String(index + 1), PageToken: `PA${last.sid}` }) : undefined;
  const resources = rows.map((message) => messageResource(world, message));
  return page("messages", resources, { path: path({ Page: "0" }), index, next, size });
}

function matcher(world: World, query: URLSearchParams): (message: StoredMessage) => boolean {
  const [to, from] = [query.get("To"), query.get("From")];
  const [on, before, after] = ["DateSent", "DateSent<", "DateSent>"].map((name) => day(query.get(name)));
  return ({ at, direction, phone }) => {
    const inbound = direction === "inbound";
    const sent = new Date(at).toISOString().slice(0, 10);
    return (
      (to === null || to === (inbound ? world.number : phone)) &&
      (from === null || from === (inbound ? phone : world.number)) &&
      (on === undefined || sent === on) &&
      (before === undefined || sent <= before) &&
      (after === undefined || sent >= after)
    );
  };
}

function day(value: string | null): string | undefined {
  if (value === null) return undefined;
  if (/^\d{4}-\d{2}-\d{2}/.test(value)) return value.slice(0, 10);
  throw refusal(400, 20001, `Invalid DateSent: ${value.slice(0, 40)}`);
}
