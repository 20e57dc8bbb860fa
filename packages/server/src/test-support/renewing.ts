/** A scripted platform whose accounts connect with a credential that expires, as a channel with OAuth does. */
import { Renewal } from "@switchboard/channel-kit/renewal";
import type { TokenServer } from "@switchboard/testkit/token-server";
import type { ScriptedPlatform } from "./scripted-channel.ts";

/** Resolves with the access tokens that its connections use, in order. `account`: only that one's credential expires. */
export function renewing({ script }: ScriptedPlatform, server: TokenServer, account?: string): readonly string[] {
  const used: string[] = [];
  const renewals = new Map<unknown, { readonly renewal: Renewal; readonly kept: Promise<void> }>();
  script.connect = async (opened) => {
    if (account !== undefined && opened.account !== account) return;
    const { context } = opened;
    const { call, refreshToken } = server;
    const renewal = new Renewal({ context, refreshToken, call, use: (token) => used.push(token) });
    await renewal.ready();
    renewals.set(opened, { renewal, kept: renewal.keep(context.signal) });
  };
  script.disconnect = async (opened) => {
    const mine = renewals.get(opened);
    renewals.delete(opened);
    await Promise.all([mine?.kept, mine?.renewal.idle()]);
  };
  return used;
}
