/** The API's own description: the OpenAPI document, and a page for people that is made from the same routes. */
import { createHash } from "node:crypto";
import { ERRORS, type ErrorEntry } from "@switchboard/domain";
import { openApi, ROUTES, type RouteSpec } from "@switchboard/protocol/rest";
import type { FastifyInstance } from "fastify";
import { API_PREFIX } from "./prefix.ts";

const STYLE = `
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8884;border-radius:.4rem}
details{border-bottom:1px solid #8884;padding:.4rem 0}summary{cursor:pointer}table{border-collapse:collapse}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}.m{display:inline-block;min-width:4.5rem;font-weight:600}
`;
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
/** The page loads and runs nothing; its one style is known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** `/api/v1/openapi.json` and `/api/v1/docs`, for anybody: they say nothing of this gateway. */
export function documentRoutes(app: FastifyInstance): void {
  const document = JSON.stringify(openApi(ROUTES));
  app.get(`${API_PREFIX}/openapi.json`, (_request, reply) => {
    reply.type("application/json; charset=utf-8").send(document);
  });
  app.get(`${API_PREFIX}/docs`, (_request, reply) => {
    reply
      .header("content-security-policy", POLICY)
      .header("referrer-policy", "no-referrer")
      .header("x-frame-options", "DENY")
      .type("text/html; charset=utf-8")
      .send(page());
  });
}

function page(): string {
  const specs: readonly RouteSpec[] = Object.values(ROUTES);
  const errors = Object.entries(ERRORS) as [string, ErrorEntry][];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width"><title>Switchboard REST API</title>',
    `<style>${STYLE}</style></head><body><h1>Switchboard REST API</h1>`,
    "<p>Send a key or the gateway's token as <code>Authorization: Bearer …</code>. Everything is about your tenant. ",
    "Lists have <code>items</code> and, while there is more, <code>next</code>: pass it as <code>cursor</code>. ",
    "Whatever changes something takes an <code>Idempotency-Key</code>: the same request again within 24 hours has no second ",
    "effect and gets the first one's answer, with <code>Idempotent-Replayed: true</code>. ",
    'For programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p><h2>Routes</h2>',
    ...specs.map(routeHtml),
    "<h2>Errors</h2><p>Refusals are <code>application/problem+json</code> (RFC 9457) with one of these codes.</p><table>",
    "<tr><th>Code</th><th>What happened</th><th>What to do</th></tr>",
    ...errors.map(([code, { action, title }]) => errorHtml(code, title, action)),
    "</table></body></html>",
  ].join("");
}

function routeHtml({ answer, body, method, path, query, scope, summary }: RouteSpec): string {
  const schema = (title: string, of: unknown) =>
    of === undefined ? "" : `<h4>${title}</h4><pre>${escaped(JSON.stringify(of, null, 2))}</pre>`;
  return [
    `<details><summary><span class="m">${method}</span><code>/api/v1${escaped(path)}</code><br>${prose(summary)}</summary>`,
    `<p>${scope === null ? "Needs no scope." : `Needs the scope <code>${scope}</code>.`}</p>`,
    schema("Query", query),
    schema("Body", body),
    schema("Answer", answer),
    "</details>",
  ].join("");
}

function errorHtml(code: string, title: string, action: string): string {
  return `<tr id="${code}"><td><code>${code}</code></td><td>${prose(title)}</td><td>${prose(action)}</td></tr>`;
}

/** What stands between backticks is code. */
function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
