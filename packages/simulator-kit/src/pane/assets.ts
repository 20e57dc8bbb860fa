/** The page itself: served as it lies in the source, with the types stripped; built files are served as they are. */
import { existsSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PaneLook } from "../shared/protocol.ts";

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const here = import.meta.dirname;
/** A build is one file in `dist`, with the page's script in `dist/web`. */
const built = !existsSync(join(here, "..", "web", "main.ts"));
const scripts = built ? join(here, "web") : join(here, "..", "web");
const styles = built ? join(here, "..", "src", "web") : scripts;

const SHEETS = [
  "base",
  "chat-list",
  "conversation",
  "rich-text",
  "media",
  "controls",
  "composer",
  "notices",
  "lines",
  "narrow",
];

const cache = new Map<string, Asset>();

/** `web/main.ts` and the like, `look.css`, or `index.html`; `undefined` when there is no such file. */
export function paneAsset(path: string, look: PaneLook, style: URL): Asset | undefined {
  if (path === "index.html") return { type: "text/html; charset=utf-8", body: page(look) };
  if (path === "look.css") return css(styleFile(style));
  const known = cache.get(path);
  if (known) return known;
  const asset = read(path);
  // Sources are read anew each time, so that a change shows after a reload.
  if (asset && built) cache.set(path, asset);
  return asset;
}

function read(path: string): Asset | undefined {
  const [, name, ending] = /^web\/([a-z-]+)\.(ts|js|css)$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  const file = join(ending === "css" ? styles : scripts, `${name}.${ending}`);
  if (!existsSync(file)) return undefined;
  if (ending === "css") return css(file);
  const text = readFileSync(file, "utf8");
  return { type: "text/javascript; charset=utf-8", body: ending === "ts" ? stripTypes(text) : text };
}

function css(file: string): Asset {
  return { type: "text/css; charset=utf-8", body: readFileSync(file, "utf8") };
}

/** Where a style is written: a built simulator lies in its package's `dist`, its style does not. */
function styleFile(style: URL): string {
  const file = fileURLToPath(style);
  return existsSync(file) ? file : file.replace(/([\\/])dist[\\/](?!.*[\\/]dist[\\/])/, "$1");
}

function page({ name, layout = "bubbles" }: PaneLook): string {
  const links = [...SHEETS.map((sheet) => `web/${sheet}.css`), "look.css"];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(name)}, simulated</title>
    <link rel="icon" href="data:," />
${links.map((link) => `    <link rel="stylesheet" href="pane/${link}" />`).join("\n")}
    <script type="module" src="pane/web/main.${built ? "js" : "ts"}"></script>
  </head>
  <body class="${layout}">
    <noscript>This page needs JavaScript.</noscript>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
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
