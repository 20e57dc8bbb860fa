/** `/channels` (TEN-4): what can be connected, what is and how it goes; for the people of a tenant and for the operator. */
import "../shared/base.css";
import "./channels.css";
import { button, element, field, form } from "../shared/elements.ts";
import { type Account, ask, hasPeople, type KnownChannel, type Me, Nobody, signInWithToken } from "./api.ts";
import { connectWays, disconnectButton } from "./connect.ts";

const LOOK_EVERY_MS = 3_000;

const root = document.getElementById("root") as HTMLElement;

async function start(): Promise<void> {
  try {
    const me = await ask<Me>("GET", "/me");
    const { items } = await ask<{ readonly items: readonly KnownChannel[] }>("GET", "/channels");
    await show(me, items);
  } catch (error) {
    if (!(error instanceof Nobody)) throw error;
    await showGate();
  }
}

async function show(me: Me, channels: readonly KnownChannel[]): Promise<void> {
  const mayChange = me.scopes.includes("channels:write");
  const lists = new Map<string, HTMLElement>();
  const refresh = async () => {
    const { items } = await ask<{ readonly items: readonly Account[] }>("GET", "/channels/status");
    for (const [channel, list] of lists) {
      const theirs = items.filter((each) => each.channel === channel);
      fill(list, theirs, me, mayChange, () => void refresh().catch(tell));
    }
  };
  const sections = channels.map((channel) => {
    const section = document.createElement("section");
    const title = element("h2", channel.label);
    title.id = `channel-${channel.channel}`;
    section.setAttribute("aria-labelledby", title.id);
    const list = document.createElement("ul");
    lists.set(channel.channel, list);
    section.append(title, list);
    if (mayChange) {
      const details = document.createElement("details");
      details.append(
        element("summary", "Connect an account"),
        ...connectWays(channel, () => void refresh().catch(tell)),
      );
      section.append(details);
    }
    return section;
  });
  const who = me.kind === "operator" ? "You run this gateway." : `Tenant ${me.tenant}, as ${me.role}.`;
  root.replaceChildren(
    element("h1", "Channels"),
    element("p", mayChange ? who : `${who} You see how channels go; an admin connects them.`),
    ...sections,
  );
  await refresh();
  setInterval(() => {
    if (document.visibilityState === "visible") refresh().catch(tell);
  }, LOOK_EVERY_MS);
}

/** Changes only what is different: a button under the pointer stays. */
function fill(list: HTMLElement, accounts: readonly Account[], me: Me, mayChange: boolean, changed: () => void): void {
  const facts = JSON.stringify(
    accounts.map(({ accountId, lastError, name, note, state }) => [accountId, state, name, lastError, note]),
  );
  if (list.dataset.facts === facts) return;
  list.dataset.facts = facts;
  list.replaceChildren(
    ...accounts.map((account) => {
      const { accountId, lastError, name, note, state = "" } = account;
      const row = document.createElement("li");
      const mark = element("span", STATES[state] ?? state);
      mark.className = `state ${state.toLowerCase()}`;
      const called = element("span", name === undefined ? accountId : `${name} (${accountId})`);
      const about = lastError ?? note;
      row.append(mark, called, ...(mayChange ? disconnectButton(account, me.tenant, changed) : []));
      if (about) row.append(Object.assign(element("p", about), { className: lastError ? "trouble" : "note" }));
      return row;
    }),
  );
  if (accounts.length === 0) list.append(element("li", "Not connected."));
}

const STATES: Readonly<Record<string, string>> = {
  CONNECTED: "Connected",
  CONNECTING: "Connecting…",
  RECONNECTING: "Connecting again…",
  DISCONNECTED: "Off",
  ERROR: "In trouble, tries again",
  PERMANENTLY_FAILED: "Failed",
};

/** Who is not signed in: people go to their page, the operator gives the gateway's token. */
async function showGate(): Promise<void> {
  const token = field("The gateway's token", "password", "current-password");
  const enter = form("Open", [token], async () => {
    await signInWithToken(token.value);
    await start();
  });
  const signIn = button("Sign in", () => location.assign("sign-in"));
  const people = (await hasPeople())
    ? [element("p", "Sign in to connect your messengers."), signIn, element("p", "Or, if you run this gateway:")]
    : [];
  root.replaceChildren(element("h1", "Channels"), ...people, enter);
}

function tell(error: unknown): void {
  if (error instanceof Nobody) void showGate();
}

start().catch((error: unknown) => {
  root.replaceChildren(
    element("h1", "Channels"),
    Object.assign(element("p", (error as Error).message), { role: "status" }),
  );
});
