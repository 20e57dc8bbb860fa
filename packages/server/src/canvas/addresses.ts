/** Addresses of what is shown, as they come on the wire and as they are given out. Nothing is resolved or tidied up. */
import { type A2uiFile, a2uiFile } from "./a2ui.ts";
import { TOKEN_PATTERN } from "./capabilities.ts";

export const CANVAS_PREFIX = "/__openclaw__/";
const DOCUMENTS = "/__openclaw__/canvas/documents/";
const A2UI = "/__openclaw__/a2ui/";
const INDEX = "index.html";
const LONGEST = 2_048;

const UNDER_CAPABILITY = new RegExp(`^/__openclaw__/cap/(${TOKEN_PATTERN})(/__openclaw__/[^?#]*)(?:\\?[^#]*)?$`);
const WITH_QUERY = /^(\/__openclaw__\/[^?#]*)\?([^#]*)$/;
const DOCUMENT_FILE = new RegExp(`^${DOCUMENTS}([a-z0-9_-]{1,64})/(.*)$`);
const TOKEN = new RegExp(`^${TOKEN_PATTERN}$`);

interface Address {
  readonly token: string;
  /** What stands before the file's name: all that belongs to it is under it. */
  readonly folder: string;
  /** Where the scripts are that draw A2UI. */
  readonly a2ui: string;
}

export interface DocumentAddress extends Address {
  readonly kind: "document";
  readonly document: string;
  /** Decoded once. */
  readonly path: string;
}

export interface A2uiAddress extends Address {
  readonly kind: "a2ui";
  readonly file: A2uiFile;
}

/** Reads the target of a request as it was sent; `undefined` for anything but a document's file or one of A2UI's. */
export function readAddress(target: string): DocumentAddress | A2uiAddress | undefined {
  if (target.length > LONGEST) return undefined;
  const [, token, path] = UNDER_CAPABILITY.exec(target) ?? [];
  if (token !== undefined && path !== undefined) return address(token, path, capabilityPath(token));
  const [, named, query] = WITH_QUERY.exec(target) ?? [];
  if (named === undefined) return undefined;
  const [given, ...more] = new URLSearchParams(query).getAll("oc_cap");
  if (given === undefined || more.length > 0 || !TOKEN.test(given)) return undefined;
  return address(given, named, "");
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

function address(token: string, path: string, before: string): DocumentAddress | A2uiAddress | undefined {
  const a2ui = `${before}${A2UI}`;
  if (path.startsWith(A2UI)) {
    const file = a2uiFile(path.slice(A2UI.length) || INDEX);
    return file && { kind: "a2ui", token, file, folder: a2ui, a2ui };
  }
  const [, document, encoded] = DOCUMENT_FILE.exec(path) ?? [];
  if (document === undefined || encoded === undefined) return undefined;
  try {
    const decoded = decodeURIComponent(encoded).normalize("NFC");
    const folder = `${before}${documentPath(document)}`;
    return { kind: "document", token, document, path: decoded === "" ? INDEX : decoded, folder, a2ui };
  } catch {
    return undefined;
  }
}
