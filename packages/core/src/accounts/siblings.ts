/** Accounts of one app at the platform: what is one's may arrive at another (ADR 41). */
import type { Channel, RawEvent } from "@switchboard/domain";
import type { AccountRuntime } from "./runtime.ts";

/** Those of the same tenant and channel that are on and hold a credential of the account's app, without itself. */
export function siblingsOf(runtime: AccountRuntime, all: readonly AccountRuntime[]): AccountRuntime[] {
  const { channel, config, ref } = runtime;
  return all.filter(
    (each) =>
      each !== runtime &&
      each.row.enabled &&
      each.ref.tenant === ref.tenant &&
      each.ref.channel === ref.channel &&
      isOneApp(channel, config, each.config),
  );
}

/** Whether two accounts' configs hold a credential of the same app. */
export function isOneApp({ app }: Channel, config: unknown, other: unknown): boolean {
  const credentials = new Set(app?.credentials(config));
  return app?.credentials(other).some((credential) => credentials.has(credential)) ?? false;
}

/**
 * Events that arrived at an account, by whose they are, in the order of their arrival. What is nobody's, or does not say
 * whose it is, stays with the account: nothing is lost. What is a sibling's is split again as that one's.
 */
export function byOwner(
  runtime: AccountRuntime,
  events: readonly RawEvent[],
  all: readonly AccountRuntime[],
): ReadonlyMap<AccountRuntime, readonly RawEvent[]> {
  const { app } = runtime.channel;
  if (!app) return new Map([[runtime, events]]);
  const isOf = (event: RawEvent, { self }: AccountRuntime) => (self ? app.isOf(event, self) : undefined);
  let siblings: AccountRuntime[] | undefined;
  const found = new Map<AccountRuntime, RawEvent[]>();
  for (const event of events) {
    let owner = runtime;
    if (isOf(event, runtime) === false) {
      siblings ??= siblingsOf(runtime, all);
      owner = siblings.find((each) => isOf(event, each) === true) ?? runtime;
    }
    const theirs = owner === runtime ? [event] : unbundledAgain(event, owner);
    found.set(owner, [...(found.get(owner) ?? []), ...theirs]);
  }
  return found;
}

function unbundledAgain({ payload }: RawEvent, { channel, config, ref, self }: AccountRuntime): readonly RawEvent[] {
  return channel.unbundle(payload, { account: ref.account, ...(self && { self }), config });
}
