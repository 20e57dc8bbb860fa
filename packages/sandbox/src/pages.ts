/** The built page and what it loads. */
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".map": "application/json",
};

const POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  // WebChat and the simulators are other ports of this machine.
  "frame-src http://127.0.0.1:* http://localhost:*",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const SECURITY_HEADERS = {
  "content-security-policy": POLICY,
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

/** A file name as the build makes them; anything else is not looked for. */
const ASSET = /^\/assets\/([\w.-]+)$/;

export interface Pages {
  /** False when there is nothing at that path. */
  serve(path: string, response: ServerResponse): boolean;
}

/** @throws CFG_001 when the pages are not built. */
export function openPages(directory: string): Pages {
  const page = join(directory, "sandbox.html");
  if (!existsSync(page)) {
    throw new SwitchboardError("CFG_001", "The pages are not built. Run: npm run build -w @switchboard/console");
  }
  return {
    serve(path, response) {
      if (path === "/") {
        response.writeHead(200, {
          ...SECURITY_HEADERS,
          "content-type": "text/html; charset=utf-8",
          "cache-control": "no-cache",
        });
        response.end(readFileSync(page));
        return true;
      }
      const name = ASSET.exec(path)?.[1];
      const type = name === undefined ? undefined : TYPES[extname(name)];
      if (name === undefined || type === undefined) return false;
      const file = join(directory, "assets", name);
      const size = statSync(file, { throwIfNoEntry: false })?.size;
      if (size === undefined) return false;
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        "content-type": type,
        "content-length": size,
        "cache-control": "public, max-age=31536000, immutable",
      });
      createReadStream(file).pipe(response);
      return true;
    },
  };
}
