/** How a channel is connected: by what is pasted, by steps, or by what the steps need and then the steps. */
import { button, element, field, form } from "../shared/elements.ts";
import { type Account, ask, type KnownChannel, type Login } from "./api.ts";
import { loginSteps } from "./login-steps.ts";

/** `changed`: the accounts may have changed. */
export function connectWays(channel: KnownChannel, changed: () => void): Node[] {
  const { login } = channel;
  if (!login) return [credentialForm(channel, "Connect", required(channel), connect(channel, changed))];
  const steps = document.createElement("div");
  const begin = async (credential: object) => {
    const begun = await ask<Login>("POST", `/channels/${channel.channel}/login`, { credential, restart: true });
    steps.replaceChildren(loginSteps(channel.label, begun, changed));
  };
  if (login.kind !== "redirect") return [button(`Connect ${channel.label}`, () => begin({})), steps];
  const app = channel.credential.secrets.filter((name) => !login.brings.includes(name));
  const others = Object.keys(channel.credential.schema.properties).filter((name) => /^client/.test(name));
  return [
    credentialForm(channel, `Continue to ${channel.label}`, [...new Set([...others, ...app])], begin),
    steps,
    folded("Paste a token instead", [
      credentialForm(channel, "Connect", required(channel, channel.credential.secrets), connect(channel, changed)),
    ]),
  ];
}

export function disconnectButton(account: Account, tenant: string, changed: () => void): Node[] {
  const { accountId, channel, source } = account;
  const mine = `tenant-${tenant}`;
  if (source !== "store" || !(accountId === mine || accountId.startsWith(`${mine}.`))) return [];
  const press = button("Disconnect", async () => {
    if (accountId === mine) await ask("POST", "/channels/disconnect", { channel });
    else await ask("DELETE", `/connections/${encodeURIComponent(`${channel}:${accountId}`)}`);
    changed();
  });
  press.setAttribute("aria-label", `Disconnect ${channel} ${accountId}`);
  return [press];
}

function connect({ channel }: KnownChannel, changed: () => void) {
  return async (credential: object) => {
    await ask("POST", "/channels/connect", { channel, credential });
    changed();
  };
}

/** What must be given, then `also`. */
function required({ credential }: KnownChannel, also: readonly string[] = []): string[] {
  return [...new Set([...(credential.schema.required ?? []), ...also])];
}

function credentialForm(
  { credential: { schema, secrets } }: KnownChannel,
  title: string,
  names: readonly string[],
  send: (credential: object) => Promise<void>,
): HTMLElement {
  const fields = names.map((name) => {
    const input = field(words(name), secrets.includes(name) ? "password" : "text", "off");
    input.required = schema.required?.includes(name) ?? false;
    input.title = schema.properties[name]?.description ?? "";
    return [name, input] as const;
  });
  const made = form(
    title,
    fields.map(([, input]) => input),
    async () => {
      const given = fields.filter(([, input]) => input.value !== "").map(([name, input]) => [name, input.value.trim()]);
      await send(Object.fromEntries(given));
      for (const [, input] of fields) input.value = "";
    },
  );
  return made;
}

/** `botToken`: Bot token. */
function words(name: string): string {
  const spaced = name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function folded(title: string, content: readonly Node[]): HTMLElement {
  const details = document.createElement("details");
  details.append(element("summary", title), ...content);
  return details;
}
