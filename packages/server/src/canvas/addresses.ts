/** Addresses of documents, as they come on the wire and as they are given out. Nothing is resolved or tidied up. */
import { TOKEN_PATTERN } from "./capabilities.ts";

export const CANVAS_PREFIX = "/__openclaw__/";
const DOCUMENTS = "/__openclaw__/canvas/documents/";
const INDEX = "index.html";
const LONGEST = 2_048;

const BY_PATH = new RegExp(
  `^/__openclaw__/cap/(${TOKEN_PATTERN})${DOCUMENTS}([a-z0-9_-]{1,64})/([^?#]*)(?:\\?[^#]*)?$`,
);
const BY_QUERY = new RegExp(`^${DOCUMENTS}([a-z0-9_-]{1,64})/([^?#]*)\\?([^#]*)$`);
const TOKEN = new RegExp(`^${TOKEN_PATTERN}$`);

export interface DocumentAddress {
  readonly token: string;
  readonly document: string;
  /** Decoded once. */
  readonly path: string;
  /** What stands before the file's path: all of the document is under it. */
  readonly folder: string;
}

/** Reads the target of a request as it was sent; `undefined` for anything but a document's file. */
export function readAddress(target: string): DocumentAddress | undefined {
  if (target.length > LONGEST) return undefined;
  const [, token, document, path] = BY_PATH.exec(target) ?? [];
  if (token !== undefined && document !== undefined) return address(token, document, path, capabilityPath(token));
  const [, named, file, query] = BY_QUERY.exec(target) ?? [];
  if (named === undefined) return undefined;
  const [given, ...more] = new URLSearchParams(query).getAll("oc_cap");
  if (given === undefined || more.length > 0 || !TOKEN.test(given)) return undefined;
  return address(given, named, file, "");
}

/** Behind the gateway's own address. */
export function capabilityPath(token: string): string {
  return `/__openclaw__/cap/${token}`;
}

/** Behind a capability's address. */
export function documentPath(id: string): string {
  return `${DOCUMENTS}${id}/`;
}

/** A request's target without what must not be in a log. */
export function withoutToken(target: string): string {
  return target.replace(/(\/cap\/)[^/?#]*/gi, "$1[hidden]").replace(/(oc_cap=)[^&#]*/gi, "$1[hidden]");
}

function address(token: string, document: string, encoded = "", before: string): DocumentAddress | undefined {
  try {
    const path = decodeURIComponent(encoded).normalize("NFC");
    const folder = `${before}${documentPath(document)}`;
    return { token, document, path: path === "" ? INDEX : path, folder };
  } catch {
    return undefined;
  }
}
