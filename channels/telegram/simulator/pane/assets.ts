/** The page itself: served as it lies in the source, with the types stripped; built files are served as they are. */
import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const here = import.meta.dirname;
/** A build has the scripts beside this file, and the page and its style where they are written. */
const built = !existsSync(join(here, "web", "main.ts"));
const written = built ? join(here, "..", "..", "..", "simulator", "pane") : here;

const cache = new Map<string, Asset>();

/** `web/main.ts` and the like, or `index.html`; `undefined` when there is no such file. */
export function paneAsset(path: string): Asset | undefined {
  const known = cache.get(path);
  if (known) return known;
  const asset = read(path);
  // Sources are read anew each time, so that a change shows after a reload.
  if (asset && built) cache.set(path, asset);
  return asset;
}

function read(path: string): Asset | undefined {
  const [, folder, name, ending] = /^(web|shared)\/([a-z-]+)\.(ts|js|css)$/.exec(path) ?? [];
  if (path === "index.html") return { type: "text/html; charset=utf-8", body: page() };
  if (folder === undefined || name === undefined) return undefined;
  const file = join(ending === "css" ? written : here, folder, `${name}.${ending}`);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  if (ending === "css") return { type: "text/css; charset=utf-8", body: text };
  return { type: "text/javascript; charset=utf-8", body: ending === "ts" ? stripTypes(text) : text };
}

function page(): string {
  const html = readFileSync(join(written, "web", "index.html"), "utf8");
  return built ? html.replace("pane/web/main.ts", "pane/web/main.js") : html;
}

/** Node calls this experimental and would warn on everybody's terminal; the page only uses types that erase cleanly. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
