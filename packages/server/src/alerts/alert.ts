/** What somebody is told of an account, and what is kept of it with the account so that it is told once. */
import type { AccountStatus } from "@switchboard/core";
import type { AccountRef } from "@switchboard/domain";

export interface Alert extends AccountRef {
  /** The same again is the same alert. */
  readonly id: string;
  readonly type: "down" | "back";
  /** When the account fell, or came back, as far as this process knows; Unix milliseconds. */
  readonly since: number;
  readonly state: AccountStatus["state"];
  /** Why, as a code of the error table. */
  readonly code?: string;
}

export interface AlertKept {
  readonly id: string;
  /** `off`: somebody turned the account off; whoever turns it on again need not be told that it is back. */
  readonly type: Alert["type"] | "off";
  readonly since: number;
  readonly told: boolean;
  /** Until then a process is about to tell it; Unix milliseconds. */
  readonly until: number;
  /** When a fall was last told; Unix milliseconds. */
  readonly fellAt: number;
}

/** Platforms and error codes, but nothing that a platform said: it may be read by others than operators. */
export function alertText({ account, channel, code, since, state, tenant, type }: Alert): string {
  const which = `${channel}:${account} of tenant ${tenant}`;
  const at = new Date(since).toISOString();
  if (type === "back") return `Connected again since ${at}: ${which}.`;
  const why = code === undefined ? "" : ` (${code})`;
  return `Not connected since ${at}: ${which}, ${state}${why}. See: switchboard channels status`;
}

/** A CloudEvent (https://cloudevents.io, 1.0, structured JSON). */
export function alertEvent(alert: Alert) {
  const { account, channel, code, id, since, state, tenant, type } = alert;
  return {
    specversion: "1.0",
    type: `switchboard.account.${type}`,
    source: `/switchboard/tenants/${encodeURIComponent(tenant)}`,
    id,
    subject: `${channel}:${account}`,
    time: new Date(since).toISOString(),
    datacontenttype: "application/json",
    data: {
      tenant,
      channel,
      accountId: account,
      state,
      since,
      text: alertText(alert),
      ...(code !== undefined && { code }),
    },
  };
}
