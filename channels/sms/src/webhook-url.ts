/** The addresses that Twilio is given, and how it is told to call them. */

/**
 * Five further tries on any failure, within Twilio's 15 seconds; without it there is one, and only when no connection
 * came about. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
const TRIES = "#rc=5&rp=all";

export function callbackUrl(url: string): string {
  return url + TRIES;
}

/** Whether an address of the Console is this webhook's; how it is called is not compared. */
export function isSameUrl(configured: unknown, url: string): boolean {
  if (typeof configured !== "string" || !URL.canParse(configured)) return false;
  const [one, other] = [new URL(configured), new URL(url)];
  one.hash = "";
  other.hash = "";
  return one.toString() === other.toString();
}
