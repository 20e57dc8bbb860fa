/** How the app gets into workspaces and gets its tokens (docs.slack.dev/authentication/installing-with-oauth). */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Accounts, checkPage, readBody } from "@switchboard/simulator-kit";
import { isRotating, rotateTokens } from "../world/rotation.ts";
import { type World, workspaceName } from "../world/world.ts";
import type { Call } from "./method.ts";
import { ApiRefusal } from "./refusal.ts";

const LARGEST_FORM = 64 * 1024;
const PASSED_ON = ["client_id", "scope", "redirect_uri", "state"] as const;

/** `oauth.v2.access`: a code for a token, or a refresh token for the next one. Either is good once. */
export function access({ params, world }: Call) {
  if (params.required("client_secret", "bad_client_secret") !== world.app.clientSecret) {
    throw new ApiRefusal("bad_client_secret");
  }
  const grant = params.text("grant_type") ?? "authorization_code";
  if (grant === "refresh_token") {
    const token = params.required("refresh_token", "invalid_refresh_token");
    const owner = [world, ...world.guests].find(({ app }) => app.refreshToken === token);
    if (!owner) throw new ApiRefusal("invalid_refresh_token");
    return { ...installation(owner), ...rotated(owner) };
  }
  if (grant !== "authorization_code") throw new ApiRefusal("invalid_grant_type");
  const authorised = world.codes.take(params.required("code", "invalid_code"));
  if (!authorised) throw new ApiRefusal("invalid_code");
  if ((params.text("redirect_uri") ?? "") !== authorised.redirectUri) throw new ApiRefusal("bad_redirect_uri");
  const tokens = isRotating(authorised.world) ? rotated(authorised.world) : {};
  return {
    ...installation(authorised.world),
    ...tokens,
    enterprise: null,
    is_enterprise_install: false,
    authed_user: { id: authorised.world.people.named("The installer").id },
  };
}

function installation(world: World) {
  const { app, settings } = world;
  return {
    access_token: app.botToken,
    token_type: "bot",
    scope: settings.scopes.join(","),
    bot_user_id: app.user,
    app_id: app.id,
    team: { id: app.team, name: workspaceName(world) },
  };
}

function rotated(world: World) {
  const { seconds } = rotateTokens(world);
  world.journal.flush();
  return { access_token: world.app.botToken, refresh_token: world.app.refreshToken, expires_in: seconds };
}

/** The page on which somebody lets the app into a workspace, and what they choose there. */
export async function authorize(
  accounts: Accounts<World>,
  letIn: (workspace: string, app: World) => World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isPage = request.method === "GET";
  checkPage(request, isPage);
  const asked = isPage
    ? new URL(request.url ?? "", "http://simulator").searchParams
    : new URLSearchParams((await readBody(request, LARGEST_FORM)).toString("utf8"));
  const home = accounts.all().find(({ app }) => app.clientId === asked.get("client_id"));
  const redirect = asked.get("redirect_uri") ?? "";
  if (!home || !URL.canParse(redirect) || !/^https?:/.test(redirect)) {
    const what = home ? "bad_redirect_uri" : "invalid_client_id";
    write(response, 400, "Something went wrong", `<p>${what}</p>`);
    return;
  }
  if (isPage) {
    const passed = PASSED_ON.map((name) => hidden(name, asked.get(name) ?? "")).join("");
    const scopes = escaped((asked.get("scope") ?? "").split(",").join(", "));
    const form = `<form method="post" action="/oauth/v2/authorize">${passed}
<p><label>Workspace <input name="workspace" value="Another workspace" required></label></p>
<p>${escaped(home.name)} asks for: ${scopes}</p>
<button name="decision" value="allow">Allow</button> <button name="decision" value="cancel">Cancel</button></form>`;
    write(response, 200, `${escaped(home.name)} is requesting permission`, form);
    return;
  }
  const back = new URL(redirect);
  if (asked.get("decision") === "allow") {
    const world = letIn(asked.get("workspace") ?? "", home);
    const code = `${home.app.clientId}.${randomBytes(24).toString("hex")}`;
    home.codes.open(code, { world, redirectUri: redirect });
    back.searchParams.set("code", code);
  } else {
    back.searchParams.set("error", "access_denied");
  }
  back.searchParams.set("state", asked.get("state") ?? "");
  response.writeHead(302, { location: back.toString(), "cache-control": "no-store" }).end();
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escaped(value)}">`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function write(response: ServerResponse, status: number, title: string, body: string): void {
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`;
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "cache-control": "no-store",
  });
  response.end(page);
}
