/** `/channels/*`: what can be connected, and the tenant's one account on each channel (TEN-1). */
import { type AccountRuntime, type AccountStatus, loginKind, loginOwn } from "@switchboard/core";
import type { Channel } from "@switchboard/domain";
import type { RouteAnswer } from "@switchboard/protocol/rest";
import type { Principal } from "../identity/principal.ts";
import { accountShape } from "../methods/account-shape.ts";
import { WEBCHAT } from "../webchat/channel.ts";
import type { HandlersOf, RestDeps } from "./handlers.ts";
import type { Registrations } from "./registrations.ts";

export function channelHandlers({ channels, engine }: RestDeps, registrations: Registrations): HandlersOf<"channels"> {
  return {
    async "channels.list"({ principal }) {
      const installed = channels.list().filter(({ id }) => id !== WEBCHAT);
      const loaded = await Promise.all(installed.map(({ id }) => channels.load(id)));
      return { items: loaded.map((channel) => channelShape(channel, principal)) };
    },

    "channels.status": ({ principal: { tenant } }) => ({
      items: engine.accounts
        .statuses(tenant)
        .filter(({ channel }) => channel !== WEBCHAT)
        .map((status) => snapshot(status, engine.accounts.get(status))),
    }),

    async "channels.connect"({ body, principal }) {
      const runtime = await registrations.connect(principal, undefined, body);
      return snapshot(runtime.supervisor.status(), runtime);
    },

    async "channels.disconnect"({ body, principal }) {
      const { cleared, loggedOut, ref } = await registrations.disconnect(principal, body.channel);
      return { channel: ref.channel, accountId: ref.account, cleared, loggedOut };
    },
  };
}

export function snapshot(status: AccountStatus, runtime?: AccountRuntime): RouteAnswer<"channels.connect"> {
  const { error, lastError, ...shape } = accountShape(status, runtime);
  // One that is off has no trouble: it lacks a credential because that was wiped.
  const trouble = status.state === "DISCONNECTED" ? { lastError: null } : { lastError, ...(error && { error }) };
  return { channel: status.channel, ...shape, ...trouble } as RouteAnswer<"channels.connect">;
}

/** What is not the caller's to set is not in it. */
function channelShape(channel: Channel, { kind }: Principal): RouteAnswer<"channels.list">["items"][number] {
  const { config, id, label } = channel;
  const kindOfLogin = loginKind(channel);
  const allowed = [...config.secrets, ...(config.tenant ?? [])];
  const { properties, required = [], ...rest } = config.schema as unknown as ObjectSchema;
  const mine = kind === "operator" ? Object.keys(properties) : allowed;
  return {
    channel: id,
    label,
    credential: {
      schema: {
        ...rest,
        required: required.filter((name) => mine.includes(name) && !("default" in (properties[name] ?? {}))),
        properties: Object.fromEntries(Object.entries(properties).filter(([name]) => mine.includes(name))),
      },
      secrets: [...config.secrets],
    },
    ...(kindOfLogin && { login: { kind: kindOfLogin, brings: [...loginOwn(channel)] } }),
  };
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}
