/** Slack's signature over its calls (docs.slack.dev/authentication/verifying-requests-from-slack). */
import { createHmac } from "node:crypto";
import { isRecent, isSame } from "@switchboard/channel-kit/webhook";
import { SwitchboardError, type WebhookRequest } from "@switchboard/domain";

export const SIGNATURE_HEADER = "x-slack-signature";
export const TIMESTAMP_HEADER = "x-slack-request-timestamp";

/** `v0=<hex of HMAC-SHA256 over "v0:<timestamp>:<body>">`. */
export function signatureOf(secret: string, timestamp: string, body: Uint8Array | string): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;
}

/** @throws SEC_002. `now` in Unix milliseconds. */
export function verifySignature(
  { body, headers }: Pick<WebhookRequest, "body" | "headers">,
  secret: string | undefined,
  now = Date.now(),
): void {
  if (!secret) {
    throw new SwitchboardError("SEC_002", "The account has no signing secret, so no call can be believed.");
  }
  const given = headers[SIGNATURE_HEADER];
  const timestamp = headers[TIMESTAMP_HEADER];
  if (given === undefined) throw new SwitchboardError("SEC_002", `The call lacks the ${SIGNATURE_HEADER} header.`);
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) {
    throw new SwitchboardError("SEC_002", `The ${TIMESTAMP_HEADER} header is missing or no time.`);
  }
  if (!isSame(given, signatureOf(secret, timestamp, body))) {
    throw new SwitchboardError("SEC_002", `The ${SIGNATURE_HEADER} header does not fit the body.`);
  }
  if (!isRecent(timestamp, now)) {
    throw new SwitchboardError("SEC_002", "The call was signed more than five minutes ago or ahead; check the clock.");
  }
}
