/**
 * Files that anybody may read who knows their address, for platforms that fetch what they deliver. The address is the
 * right: signed for one account, one file and a time, so nothing is kept and a restart changes nothing.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { type AccountRef, type OutboundAttachment, SwitchboardError } from "@switchboard/domain";

/** What the key of these addresses is derived for, see `Vault.derive`. */
export const PUBLISHED_MEDIA = "published media";
/** Long enough for a platform that fetches later or again. */
export const PUBLISHED_TTL_MS = 3_600_000;
const TOKEN = /^([A-Za-z0-9_-]{1,1500})\.([A-Za-z0-9_-]{43})$/;

export type PublishedFile = Pick<OutboundAttachment, "kind" | "source" | "mimeType" | "fileName">;

interface Grant extends PublishedFile {
  /** Unix milliseconds. */
  readonly until: number;
}

/** The address below the gateway's public one; `key` is the account's. The file's name at its end is for people; what counts is the token. */
export function publishedPath(key: string, ref: AccountRef, file: PublishedFile, until: number): string {
  const grant: Grant = { ...file, until };
  const body = Buffer.from(JSON.stringify(grant)).toString("base64url");
  const token = `${body}.${signature(key, body)}`;
  const place = [ref.channel, ref.tenant, ref.account, token, safeName(file.fileName)];
  return `/media/published/${place.map(encodeURIComponent).join("/")}`;
}

/** @throws REQ_002 for whatever is wrong with it: nobody learns what. */
export function readPublished(key: string, token: string, now: number): PublishedFile {
  const [, body = "", given = ""] = TOKEN.exec(token) ?? [];
  // Compared as written: another spelling of the same bytes is another token.
  const [actual, expected] = [Buffer.from(given), Buffer.from(signature(key, body))];
  if (actual.length === expected.length && timingSafeEqual(actual, expected)) {
    const { until, ...file } = JSON.parse(Buffer.from(body, "base64url").toString()) as Grant;
    if (now < until) return file;
  }
  throw new SwitchboardError("REQ_002", "There is no such file.");
}

function signature(key: string, body: string): string {
  return createHmac("sha256", key).update(body).digest("base64url");
}

/** What any server and any phone takes as a file name. */
function safeName(name = "file"): string {
  const [, stem = "", ending = ""] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/s.exec(name) ?? [];
  return `${stem.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, 40) || "file"}${ending}`;
}
