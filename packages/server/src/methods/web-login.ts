/** `web.login.*`: logging an account in by a QR code, a face of the same logins as REST's (ADR 50). */
import { hasEnded, type LoginRow, loginKind } from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  type Channel,
  type ChannelId,
  DEFAULT_ACCOUNT,
  fromErrorRecord,
  SwitchboardError,
  type TenantId,
} from "@switchboard/domain";
import type { Params, Result } from "@switchboard/protocol";
import { type Principal, scopesOf } from "../identity/principal.ts";
import { qrDataUrl } from "../qr/qr.ts";
import type { CallContext, Handlers } from "../ws/index.ts";
import { requireAccountId } from "./account-id.ts";
import type { MethodDeps } from "./deps.ts";

const FIRST_CODE_MS = 30_000;
const MOST_MS = 120_000;

export function webLoginMethods(deps: MethodDeps): Handlers {
  const { clock, engine } = deps;
  const { logins } = engine;

  return {
    async "web.login.start"({ force = false, timeoutMs = FIRST_CODE_MS, ...which }, context) {
      const { actor, signal, tenant } = context;
      const channel = await channelOf(deps, which.channel);
      const ref = refOf(tenant, channel, which);
      const account = engine.accounts.get(ref);
      if (!force && account?.supervisor.status().state === "CONNECTED") {
        return { message: `${channel.label} is connected already.`, connected: true };
      }
      const principal: Principal = { kind: "operator", id: actor, tenant, role: "owner", scopes: scopesOf("owner") };
      const { registrationsOf } = await import("../rest/registrations.ts");
      const registrations = registrationsOf(deps);
      const { config, known } = registrations.loginConfig(principal, channel, ref, {});
      const begun = await logins.begin(ref, {
        channel,
        config,
        restart: true,
        async finish({ config: own, self }) {
          requireStill(context);
          await registrations.finishLogin(principal, ref, channel, {
            config: { ...known, ...own },
            ...(self && { self }),
          });
        },
      });
      const subject = `${ref.channel}:${ref.account}`;
      const entry = { at: clock.now(), actor, action: "channel.login-begun", subject, outcome: "ok" } as const;
      await engine.store.audit.append(tenant, entry);
      const until = clock.now() + Math.min(timeoutMs, MOST_MS);
      let row = begun;
      while (row.state === "wait" && clock.now() < until && !signal.aborted && !logins.stopped) {
        row = await logins.wait(ref, row.id, row.revision, until - clock.now(), signal);
      }
      return { ...(await shape(row)), sessionKey: row.id };
    },

    async "web.login.wait"({ currentQrDataUrl, sessionKey, timeoutMs = MOST_MS, ...which }, { signal, tenant }) {
      const ref = refOf(tenant, await channelOf(deps, which.channel), which);
      const until = clock.now() + Math.min(timeoutMs, MOST_MS);
      for (let row = await logins.get(ref, sessionKey); ; ) {
        const said = await shape(row);
        const isNews =
          currentQrDataUrl !== undefined && said.qrDataUrl !== undefined && said.qrDataUrl !== currentQrDataUrl;
        if (isNews || hasEnded(row) || clock.now() >= until || signal.aborted || logins.stopped) return said;
        row = await logins.wait(ref, row.id, row.revision, until - clock.now(), signal);
      }
    },
  };
}

type Which = Pick<Params<"web.login.start">, "accountId">;

function refOf(tenant: TenantId, { id }: Channel, { accountId }: Which): AccountRef {
  return { tenant, channel: id, account: requireAccountId((accountId ?? DEFAULT_ACCOUNT) as AccountId) };
}

/** @throws CFG_002; REQ_001 for one that is not logged in by a QR code, and when none is. */
async function channelOf({ channels }: MethodDeps, id: string | undefined): Promise<Channel> {
  if (id !== undefined) {
    const channel = await channels.load(id as ChannelId);
    if (loginKind(channel) === "qr") return channel;
    throw new SwitchboardError("REQ_001", `${channel.label} is not logged in by a QR code.`, {
      action: `See how it is connected: switchboard channels add ${channel.id} --help.`,
    });
  }
  for (const { id: known } of channels.list()) {
    const channel = await channels.load(known);
    if (loginKind(channel) === "qr") return channel;
  }
  throw new SwitchboardError("REQ_001", "No installed channel is logged in by a QR code.", {
    action: "See which channels there are: switchboard channels list.",
  });
}

/** Whoever began it may have lost the right to it meanwhile. @throws SEC_003. */
function requireStill({ authority }: CallContext): void {
  if (authority()?.scopes.includes("operator.admin")) return;
  throw new SwitchboardError("SEC_003", "Whoever began this login is no administrator any more.");
}

/** An end that is none of joy is told in words: what the client shows. */
async function shape({ error, payload, state, text }: LoginRow): Promise<Result<"web.login.wait">> {
  const message = error === undefined ? text : fromErrorRecord(error).message;
  return {
    connected: state === "done",
    message,
    ...(state === "qr" && payload !== undefined && { qrDataUrl: await qrDataUrl(payload) }),
  };
}
