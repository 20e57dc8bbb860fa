/** Makes an account that can run of its stored row. */
import type { AccountRef } from "@switchboard/domain";
import type { Account } from "../ports/index.ts";
import { refOf } from "./account-rows.ts";
import { auditKey } from "./account-secrets.ts";
import type { AccountsPorts } from "./accounts-ports.ts";
import type { ReceiveEvents } from "./arrivals.ts";
import type { Claims } from "./claims.ts";
import { publisher } from "./publishing.ts";
import { AccountRuntime, accountConfig } from "./runtime.ts";
import { Supervisor } from "./supervisor.ts";

/** `receive` stores what its connection brings. @throws CFG_001, CFG_002, SEC_008, or what keeps the channel from loading. */
export async function createRuntime(
  row: Account,
  receive: ReceiveEvents,
  ports: AccountsPorts,
  nodes?: { readonly claims: Claims; onStandBy(): void },
): Promise<AccountRuntime> {
  const { channels, files, publicUrl, store, vault } = ports;
  const channel = await channels.load(row.channel);
  const config = await accountConfig(row, channel, vault);
  const webhookSecret = channel.webhook && (await vault.derive(row, "webhook"));
  const webhookUrl = webhookAddress(row, publicUrl);
  const { clock, commands, log, onReady, telemetry } = ports;
  const supervisor = new Supervisor(
    { ref: refOf(row), channel, config, self: row.self },
    {
      store,
      clock,
      log,
      telemetry,
      vault,
      receive,
      onReady,
      openAttachment: (attachment, signal) =>
        files.outbound(row.tenant, attachment, channel.capabilities.attachments[attachment.kind], signal),
      publish: publisher(refOf(row), channel, ports),
      commands,
      ...(webhookSecret !== undefined &&
        webhookUrl !== undefined && { webhook: { url: webhookUrl, secret: webhookSecret } }),
      onStatus: (_ref, status) => {
        nodes?.claims.report(status);
        ports.onStatus(status);
      },
      claims: channel.everyNode ? undefined : nodes?.claims,
      onStandBy: () => nodes?.onStandBy(),
    },
  );
  const secrets = { config, webhookSecret, auditKey: await auditKey(vault, row) };
  return new AccountRuntime(row, await store.accounts.grants(row), channel, supervisor, secrets);
}

/** Where a platform calls for an account; `undefined` without a public address. */
export function webhookAddress(
  { account, channel, tenant }: AccountRef,
  publicUrl: string | undefined,
): string | undefined {
  if (publicUrl === undefined) return undefined;
  return `${publicUrl}/webhooks/${[channel, tenant, account].map(encodeURIComponent).join("/")}`;
}
