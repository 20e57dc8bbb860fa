/** What the schema cannot say about the addresses that alerts go to. */
import { keyOf } from "@switchboard/agents";
import { SwitchboardError } from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";

type AlertWebhook = Config["alerts"]["webhooks"][number];

/** @throws CFG_001 for what could never be told. */
export function checkAlerts({ webhooks }: Config["alerts"]): void {
  for (const webhook of webhooks) {
    alertKey(webhook);
    const { hash, password, protocol, username } = new URL(webhook.url);
    if (/^https?:$/.test(protocol) && username === "" && password === "" && hash === "") continue;
    throw new SwitchboardError("CFG_001", "alerts.webhooks: an address cannot be called.", {
      action: "Set url to an http or https address without user name, password and fragment.",
    });
  }
}

/** What requests there are signed with. @throws CFG_001. */
export function alertKey({ signingSecret }: AlertWebhook): Buffer {
  const key = typeof signingSecret === "string" ? keyOf(signingSecret) : undefined;
  if (key) return key;
  throw new SwitchboardError("CFG_001", "alerts.webhooks: a signing secret cannot be read.", {
    action: 'Set signingSecret to "whsec_" and 24 to 64 random bytes in base64.',
  });
}
