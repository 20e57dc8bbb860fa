/** Slack's calls to the app: signed, and repeated with a number and a reason until they are taken. */
import { type DeliveryQueue, type Faults, Webhook } from "@switchboard/simulator-kit";
import { SIGNATURE_HEADER, signatureOf, TIMESTAMP_HEADER } from "../../src/signature.ts";
import type { App } from "../world/app.ts";

export interface HookOptions {
  readonly app: App;
  readonly queue: DeliveryQueue;
  readonly faults: Faults;
  /** First pause between two attempts, in milliseconds. */
  readonly retryMs: number;
}

export function hook({ app, faults, queue, retryMs }: HookOptions): Webhook {
  return new Webhook({
    queue,
    retryMs,
    fault: () => faults.take("receive"),
    request: ({ body, to }, { because, number }) => {
      const timestamp = String(Math.floor(Date.now() / 1000));
      return {
        url: app.requestUrl ?? "",
        headers: {
          "content-type": to === "events_api" ? "application/json" : "application/x-www-form-urlencoded",
          "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
          [TIMESTAMP_HEADER]: timestamp,
          [SIGNATURE_HEADER]: signatureOf(app.signingSecret, timestamp, body),
          ...(number > 1 && {
            "x-slack-retry-num": String(number - 1),
            "x-slack-retry-reason": because?.includes("timeout") ? "http_timeout" : "http_error",
          }),
        },
      };
    },
  });
}
