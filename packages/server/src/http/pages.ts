/** The built pages (WebChat and console), with headers that let them do no more than they must. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyPluginAsync } from "fastify";

const POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
] as const;

/**
 * `directory` holds `chat.html`, `channels.html`, `sign-in.html` and `assets/`. Only our own pages and the named origins may show them in
 * a frame. `people`: whether there is anybody to sign in.
 */
export function pageRoutes(directory: string, allowedOrigins: readonly string[], people: boolean): FastifyPluginAsync {
  const policy = [...POLICY, `frame-ancestors ${["'self'", ...allowedOrigins].join(" ")}`].join("; ");
  return async (app) => {
    app.addHook("onSend", async (_request, reply) => {
      reply
        .header("content-security-policy", policy)
        .header("x-content-type-options", "nosniff")
        .header("referrer-policy", "no-referrer");
    });
    await app.register(fastifyStatic, {
      root: join(directory, "assets"),
      prefix: "/assets/",
      immutable: true,
      maxAge: "365d",
      index: false,
      preCompressed: true,
    });
    // Read anew each time: it names its assets, and a build or an upgrade replaces both.
    const page = (path: string, file: string) =>
      app.get(path, async (_request, reply) =>
        reply
          .type("text/html; charset=utf-8")
          .header("cache-control", "no-cache")
          .send(await readFile(join(directory, file), "utf8")),
      );
    page("/", "chat.html");
    page("/chat", "chat.html");
    page("/channels", "channels.html");
    if (people) page("/sign-in", "sign-in.html");
  };
}

/** Where the console package's built pages are; `undefined` before its build. */
export function builtPages(): string | undefined {
  try {
    const directory = join(fileURLToPath(import.meta.resolve("@switchboard/console/package.json")), "../dist");
    return existsSync(join(directory, "chat.html")) ? directory : undefined;
  } catch {
    return undefined;
  }
}
