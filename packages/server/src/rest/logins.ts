/** `/channels/{channel}/login`: logging the tenant's accounts in by steps. */
import { randomBytes } from "node:crypto";
import { hasEnded, type LoginRow, loginKind } from "@switchboard/core";
import {
  type AccountRef,
  type ChannelId,
  type ErrorRecord,
  fromErrorRecord,
  SwitchboardError,
} from "@switchboard/domain";
import type { RouteAnswer } from "@switchboard/protocol/rest";
import { LOGIN_COOKIE } from "../http/installs.ts";
import type { Principal } from "../identity/principal.ts";
import { requireStill } from "../identity/still.ts";
import { qrDataUrl } from "../qr/qr.ts";
import type { Browser, HandlersOf, RestDeps, StreamEvent } from "./handlers.ts";
import { type Registrations, tenantAccount } from "./registrations.ts";

type Shape = RouteAnswer<"logins.get">;

const WAIT_MS = 20_000;
const COOKIE_SECONDS = 600;

export function loginHandlers(deps: RestDeps, registrations: Registrations): HandlersOf<"logins"> {
  const { engine, settings } = deps;
  const { logins } = engine;
  const { publicUrl } = settings.config.gateway;

  const audit = (principal: Principal, ref: AccountRef, action: string) =>
    engine.store.audit.append(ref.tenant, {
      at: engine.clock.now(),
      actor: principal.id,
      action,
      subject: `${ref.channel}:${ref.account}`,
      outcome: "ok",
    });

  async function* events(which: Which, after: number, signal: AbortSignal): AsyncGenerator<StreamEvent<Shape>> {
    const { id, ref } = which;
    // Whoever has seen the end gets it again: an end without an event would make a browser come back for ever.
    for (let revision = after; !signal.aborted && !logins.stopped; ) {
      const row = await logins.wait(ref, id, revision, WAIT_MS, signal);
      if (row.revision > revision || hasEnded(row)) yield { id: `${row.revision}`, data: await shape(which, row) };
      if (hasEnded(row)) return;
      revision = Math.max(revision, row.revision);
    }
  }

  return {
    async "logins.begin"({ body, browser, params, principal }) {
      const { credential = {}, name, restart = false, settings: wanted } = body;
      const channel = await registrations.channel(params.channel);
      const ref = { tenant: principal.tenant, channel: channel.id, account: tenantAccount(principal.tenant, name) };
      const { config, known } = registrations.loginConfig(principal, channel, ref, credential);
      const bound = browser && loginKind(channel) === "redirect" ? bindTo(browser, publicUrl) : undefined;
      const row = await logins.begin(ref, {
        channel,
        config,
        restart,
        browser: bound,
        async finish({ config: own, self }) {
          await requireStill(deps, principal, "channels:write");
          await registrations.finishLogin(principal, ref, channel, {
            config: { ...known, ...own },
            settings: wanted,
            ...(self && { self }),
          });
          // A suspension may have looked for accounts just before this one was there.
          await requireStill(deps, principal, "channels:write").catch(async (error: unknown) => {
            await engine.accounts.enable(ref, false);
            throw error;
          });
        },
      });
      await audit(principal, ref, "channel.login-begun");
      return shape({ ref, id: row.id, suffix: name === undefined ? "" : `.${name}` }, row);
    },

    async "logins.get"({ params, principal, query: { revision, waitMs = WAIT_MS }, signal }) {
      const which = whichOf(principal, params);
      const { id, ref } = which;
      const row = await (revision === undefined ? logins.get(ref, id) : logins.wait(ref, id, revision, waitMs, signal));
      return shape(which, row);
    },

    "logins.events": ({ lastEventId, params, principal, signal }) =>
      events(whichOf(principal, params), Number(lastEventId ?? 0), signal),

    async "logins.code"({ body: { code }, params, principal }) {
      const which = whichOf(principal, params);
      return shape(which, await logins.type(which.ref, which.id, code));
    },

    async "logins.cancel"({ params, principal }) {
      const which = whichOf(principal, params);
      const row = await logins.cancel(which.ref, which.id);
      if (row.state === "cancelled") await audit(principal, which.ref, "channel.login-cancelled");
      return shape(which, row);
    },
  };
}

interface Which {
  readonly ref: AccountRef;
  readonly id: string;
  /** Names the account in the id that callers see. */
  readonly suffix: string;
}

/** The tenant is the caller's, whatever the id says: another tenant's login is looked for here, and not found. */
function whichOf({ tenant }: Principal, params: { readonly channel: string; readonly id: string }): Which {
  const [id = "", name] = params.id.split(".");
  const ref = { tenant, channel: params.channel as ChannelId, account: tenantAccount(tenant, name) };
  return { ref, id, suffix: name === undefined ? "" : `.${name}` };
}

async function shape({ ref, suffix }: Which, row: LoginRow): Promise<Shape> {
  const { error, expiresAt, id, kind, payload, revision, state, text } = row;
  return {
    id: id + suffix,
    channel: ref.channel,
    accountId: ref.account,
    kind,
    state,
    revision,
    text,
    expiresAt,
    ...(state === "qr" && payload !== undefined && { qr: { payload, image: await qrDataUrl(payload) } }),
    ...(state === "redirect" && payload !== undefined && { url: payload }),
    ...(error && shownError(error)),
  };
}

function shownError(record: ErrorRecord): Pick<Shape, "error"> {
  const { action, code, message } = fromErrorRecord(record);
  return { error: { code, message, action } };
}

/**
 * The browser that begins has to be the one that comes back: else somebody could be sent to the platform's page by
 * another, and what they let in would be the other's. @throws REQ_001 where its cookie would not come back.
 */
function bindTo({ host, setCookie }: Browser, publicUrl: string | undefined): string {
  const url = new URL(publicUrl ?? "http://0.0.0.0");
  if (publicUrl !== undefined && url.host !== host) {
    throw new SwitchboardError("REQ_001", "The platform sends people back to the gateway's public address.", {
      action: `Open this page there: ${url.origin}`,
    });
  }
  const value = randomBytes(24).toString("base64url");
  const path = `${url.pathname.replace(/\/+$/, "")}/install`;
  const attributes = ["HttpOnly", "SameSite=Lax", `Path=${path}`, `Max-Age=${COOKIE_SECONDS}`];
  if (url.protocol === "https:") attributes.push("Secure");
  setCookie([`${LOGIN_COOKIE}${randomBytes(6).toString("hex")}=${value}`, ...attributes].join("; "));
  return value;
}
