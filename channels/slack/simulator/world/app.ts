/** The app as it is set up at Slack, and what it holds to prove itself. */
import { randomBytes } from "node:crypto";
import type { Journal } from "@switchboard/simulator-kit";

export interface App {
  readonly team: string;
  readonly id: string;
  readonly bot: string;
  readonly user: string;
  botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where tokens rotate: what renews the bot's token, and when that ends, in Unix milliseconds. */
  refreshToken?: string;
  expiresAt?: number;
  /** Events come over sockets; else by calls. */
  socketMode: boolean;
  /** Where Slack calls. */
  requestUrl?: string;
  /** The workspace in which the app is at home, by its account's name, when this is another one that let it in. */
  readonly home?: string;
}

/** Those who have the app's own secrets share them: one app, several workspaces. */
export function openApp(journal: Journal, index: number, home?: { readonly name: string; readonly app: App }): App {
  const kept = journal.load("app")[0]?.value as App | undefined;
  if (kept) return kept;
  const secret = (bytes: number) => randomBytes(bytes).toString("hex");
  const number = index + 1;
  const app: App = {
    team: idOf("T", number),
    id: idOf("A", number),
    bot: idOf("B", number),
    user: idOf("U", 900_000 + number),
    botToken: `xoxb-${1_000_000 + number}-${secret(12)}`,
    appToken: `xapp-1-${idOf("A", number)}-${1_000_000 + number}-${secret(24)}`,
    signingSecret: secret(16),
    clientId: `${1_000_000 + number}.${2_000_000 + number}`,
    clientSecret: secret(16),
    socketMode: true,
    ...(home && { ...secretsOf(home.app), home: home.name }),
  };
  journal.put("app", "self", () => app);
  return app;
}

/** What the app has once, wherever it is. */
function secretsOf({ appToken, clientId, clientSecret, id, signingSecret }: App) {
  return { appToken, clientId, clientSecret, id, signingSecret };
}

export function idOf(letter: string, number: number): string {
  return `${letter}0${number.toString(36).toUpperCase().padStart(8, "0")}`;
}
