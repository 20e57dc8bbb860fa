/** `channels.*`: what can be connected, what is, and changing that. */
import { type AccountRuntime, COMMAND_HINTS } from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  type Channel,
  type ChannelId,
  DEFAULT_ACCOUNT,
  type JsonObject,
  SwitchboardError,
  type TenantId,
  toSwitchboardError,
  validated,
} from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import { WEBCHAT } from "../webchat/channel.ts";
import type { Handlers } from "../ws/index.ts";
import { requireAccountId } from "./account-id.ts";
import { accountShape } from "./account-shape.ts";
import type { MethodDeps } from "./deps.ts";
import { healthSummary } from "./health.ts";

/** How long a platform may take for an action. */
const ACTION_MS = 60_000;

export function channelMethods(deps: MethodDeps): Handlers {
  const { engine, channels } = deps;
  const refOf = (tenant: TenantId, channel: string, accountId: string | undefined): AccountRef => ({
    tenant,
    channel: channel as ChannelId,
    account: (accountId as AccountId | undefined) ?? DEFAULT_ACCOUNT,
  });
  const audit = (ref: AccountRef, actor: string, action: string, detail?: JsonObject) =>
    engine.store.audit.append(ref.tenant, {
      at: engine.clock.now(),
      actor,
      action,
      subject: `${ref.channel}:${ref.account}`,
      outcome: "ok",
      ...(detail && { detail }),
    });
  return {
    async "channels.status"({ probe, channel }, { tenant }) {
      if (probe) await healthSummary(deps, tenant, true);
      const statuses = engine.accounts
        .statuses(tenant)
        .filter((each) => channel === undefined || each.channel === channel);
      const byChannel = Map.groupBy(statuses, (status) => status.channel);
      const labels = new Map(engine.accounts.list(tenant).map(({ channel: { id, label } }) => [id, label]));
      const entries = [...byChannel];
      return {
        ts: engine.clock.now(),
        channelOrder: entries.map(([id]) => id),
        channelLabels: Object.fromEntries(entries.map(([id]) => [id, labels.get(id) ?? id])),
        channels: Object.fromEntries(
          entries.map(([id, accounts]) => {
            const error = accounts.find(({ lastError }) => lastError)?.lastError;
            return [id, { configured: true, ...(error && { lastError: `${error.code}: ${error.message}` }) }];
          }),
        ),
        channelAccounts: Object.fromEntries(
          entries.map(([id, accounts]) => [
            id,
            accounts.map((status) => accountShape(status, engine.accounts.get(status))),
          ]),
        ),
        channelDefaultAccountId: Object.fromEntries(
          entries.map(([id, [first]]) => [id, first?.account ?? DEFAULT_ACCOUNT]),
        ),
      };
    },

    async "channels.start"({ channel, accountId }, { tenant, actor }) {
      const ref = refOf(tenant, channel, accountId);
      await engine.accounts.enable(ref, true);
      engine.accounts.require(ref);
      await audit(ref, actor, "account.started");
      return { channel, accountId: ref.account, started: true, outcome: { status: "handed-off" } };
    },
    async "channels.stop"({ channel, accountId }, { tenant, actor }) {
      const ref = refOf(tenant, channel, accountId);
      await engine.accounts.enable(ref, false);
      await audit(ref, actor, "account.stopped");
      return { channel, accountId: ref.account, stopped: true };
    },

    async "channels.logout"({ channel, accountId }, { tenant, actor }) {
      const ref = refOf(tenant, channel, accountId);
      if (channel === WEBCHAT) throw new SwitchboardError("REQ_001", "WebChat has nothing to log out of.");
      const row = await engine.store.accounts.get(ref);
      if (!row) throw new SwitchboardError("CFG_003", `There is no account ${channel}:${ref.account}.`);
      if (row.source !== "store" && row.sealed !== undefined) {
        throw new SwitchboardError(
          "REQ_004",
          `The credential of ${channel}:${ref.account} comes from the ${row.source}; take it out there.`,
        );
      }
      const { cleared, platform } = await engine.accounts.logOut(ref);
      await audit(ref, actor, "account.logged-out");
      return { channel, accountId: ref.account, cleared, loggedOut: platform.told };
    },

    async "channels.list"({ channel }, { tenant }) {
      const installed = channels.list().filter(({ id }) => id !== WEBCHAT && (channel === undefined || id === channel));
      const loaded = await Promise.all(installed.map(({ id }) => channels.load(id)));
      const accounts = engine.accounts
        .list(tenant)
        .filter(({ ref }) => ref.channel !== WEBCHAT && (channel === undefined || ref.channel === channel));
      return { channels: loaded.map(channelShape), accounts: accounts.map(listedAccount) };
    },

    async "channels.manifest"({ accountId, channel, events, name = "Switchboard" }, { tenant }) {
      const ref = refOf(tenant, channel, accountId);
      const { id, install, label, manifest } = await channels.load(ref.channel);
      if (!manifest) throw new SwitchboardError("REQ_001", `${label} has no manifest: set it up as its README says.`);
      const webhookUrl = events === "sockets" ? undefined : engine.accounts.webhookAddress(ref);
      if (events === "calls" && webhookUrl === undefined) {
        throw new SwitchboardError("REQ_001", "The gateway has no public address (gateway.publicUrl) to be called at.");
      }
      const commands = COMMAND_HINTS;
      const redirectUrl = install && engine.installs.redirectUrl(id);
      const { body, type } = manifest({
        name,
        commands,
        ...(webhookUrl !== undefined && { webhookUrl }),
        ...(redirectUrl !== undefined && { redirectUrl }),
      });
      return { channel: id, accountId: ref.account, type, body };
    },

    async "channels.install"({ accountId, channel }, { tenant, actor }) {
      const ref = refOf(tenant, channel, accountId);
      const { expiresAt, url } = await engine.installs.begin(ref, actor);
      await audit(ref, actor, "account.install-begun");
      return { channel: ref.channel, accountId: ref.account, url, expiresAt };
    },

    async "channels.act"({ accountId, action: name, channel, params = {} }, { tenant, actor }) {
      const { connection, channel: known, ref } = engine.accounts.require(refOf(tenant, channel, accountId));
      const { actions = {}, label } = known;
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (!action) {
        const names = Object.keys(actions).join(", ");
        throw new SwitchboardError("REQ_001", `${label} has no action ${name}. It has ${names || "none"}.`);
      }
      const checked = validated(action.params, params, `params of ${name}`) as JsonObject;
      if (!connection?.act) throw new SwitchboardError("CONN_001", `${ref.channel}:${ref.account} is not connected.`);
      const result = await connection.act(name, checked, AbortSignal.timeout(ACTION_MS)).catch((thrown: unknown) => {
        throw thrown instanceof SwitchboardError ? thrown : toSwitchboardError(thrown, "CONN_001");
      });
      await audit(ref, actor, "channel.action", { action: name });
      return { channel: ref.channel, accountId: ref.account, action: name, result };
    },

    async "channels.add"(
      { channel, accountId, config, settings = {}, enabled = true, replace = false },
      { tenant, actor },
    ) {
      const ref = refOf(tenant, channel, accountId);
      if (channel === WEBCHAT) throw new SwitchboardError("REQ_001", "WebChat is always there.");
      requireAccountId(ref.account);
      const before = engine.accounts.get(ref);
      if (before && !replace) {
        throw new SwitchboardError(
          "REQ_004",
          `The account ${channel}:${ref.account} exists. Replace it, or name another one.`,
        );
      }
      if (before && before.row.source !== "store") {
        throw new SwitchboardError(
          "REQ_004",
          `The account ${channel}:${ref.account} comes from the ${before.row.source}; change it there.`,
        );
      }
      await engine.accounts.put({ ...ref, source: "store", enabled, config, settings });
      await audit(ref, actor, before ? "account.changed" : "account.added");
      return { channel, accountId: ref.account, replaced: before !== undefined };
    },
    async "channels.remove"({ channel, accountId }, { tenant, actor }) {
      const ref = refOf(tenant, channel, accountId);
      const before = engine.accounts.get(ref);
      if (before?.row.enabled && before.row.source !== "store") {
        throw new SwitchboardError(
          "REQ_004",
          `The account ${channel}:${ref.account} comes from the ${before.row.source}; remove it there first.`,
        );
      }
      const removed = channel !== WEBCHAT && (await engine.accounts.remove(ref));
      if (!removed) throw new SwitchboardError("CFG_003", `There is no account ${channel}:${ref.account} to remove.`);
      await audit(ref, actor, "account.removed");
      return { channel, accountId: ref.account, removed };
    },
  };
}

function channelShape({
  actions = {},
  id,
  label,
  transports,
  config,
}: Channel): Result<"channels.list">["channels"][number] {
  return {
    id,
    label,
    transports: [...transports],
    configSchema: config.schema as unknown as Record<string, unknown>,
    secrets: [...config.secrets],
    env: { ...config.env },
    actions: Object.entries(actions).map(([name, { description, params }]) => ({
      name,
      description,
      params: params as unknown as Record<string, unknown>,
    })),
  };
}

function listedAccount(runtime: AccountRuntime): Result<"channels.list">["accounts"][number] {
  const { ref, row, settings, supervisor } = runtime;
  return {
    channel: ref.channel,
    accountId: ref.account,
    source: row.source,
    enabled: row.enabled,
    config: row.config as Record<string, unknown>,
    settings: { ...settings },
    status: accountShape(supervisor.status(), runtime),
  };
}
