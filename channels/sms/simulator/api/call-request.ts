/** What Twilio puts around the parameters of a call, its signature first of all. */
import { createHmac, randomUUID } from "node:crypto";
import type { Delivery, WebhookRequest } from "@switchboard/simulator-kit";

/** Where a call goes; what stands behind `#` says how, and is not sent. */
export function callRequest({ body, to = "" }: Delivery, authToken: string, accountSid: string): WebhookRequest {
  const url = to.split("#")[0] ?? "";
  return {
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "user-agent": "TwilioProxy/1.1",
      "i-twilio-idempotency-token": randomUUID(),
      "x-home-region": "us1",
      "x-twilio-signature": signed(url, body, authToken, accountSid),
    },
  };
}

function signed(url: string, body: string, authToken: string, accountSid: string): string {
  const params = [...new URLSearchParams(body)].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  if (!params.some(([name, value]) => name === "AccountSid" && value === accountSid))
    throw new Error("not this account's");
  return createHmac("sha1", authToken)
    .update(url + params.map(([name, value]) => name + value).join(""), "utf8")
    .digest("base64");
}
