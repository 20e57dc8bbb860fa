/** The pages that draw A2UI (DEV-11), and the scripts that documents may load to draw it themselves. */
import { join } from "node:path";
import { readPlainFile } from "./manifest.ts";

/** All there is. Pages find their scripts beside them. */
const FILES = ["index.html", "v0.9.html", "a2ui.bundle.js", "a2ui-v0.9.bundle.js"] as const;
export type A2uiFile = (typeof FILES)[number];

/** The endings of what the build compressed, the smallest first. */
const ENDINGS = { br: ".br", gzip: ".gz" } as const;

/** By its exact name; `undefined` for anything else. */
export function a2uiFile(name: string): A2uiFile | undefined {
  return FILES.find((each) => each === name);
}

export interface A2uiContent {
  readonly content: Buffer;
  /** As in `Content-Encoding`; absent when it is as it is. */
  readonly encoding?: string;
}

/** Reads one of them; `undefined` when the pages are not built. `accepted`: the request's `Accept-Encoding`. */
export type A2uiFiles = (name: A2uiFile, accepted?: string) => Promise<A2uiContent | undefined>;

/** `pages`: the folder of the built pages. */
export function a2uiFiles(pages: string | undefined): A2uiFiles {
  return async (name, accepted = "") => {
    if (pages === undefined) return undefined;
    const path = join(pages, "a2ui", name);
    const encodings = accepted.split(",").map((each) => each.trim().toLowerCase());
    for (const [encoding, ending] of Object.entries(ENDINGS)) {
      const content = encodings.includes(encoding) ? await readPlainFile(`${path}${ending}`) : undefined;
      if (content) return { content, encoding };
    }
    const content = await readPlainFile(path);
    return content && { content };
  };
}
