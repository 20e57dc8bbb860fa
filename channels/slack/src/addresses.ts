/** Which addresses get to see the bot's token or what it says: Slack's own, and wherever the Web API was said to be. */
import { SwitchboardError } from "@switchboard/domain";

const SLACK = /(^|\.)(slack\.com|slack-gov\.com|slack-files\.com|slack-files-gov\.com)$/i;

/** @throws REQ_001 for any other address; `what` names it. */
export function checkAddress(address: string, baseUrl: string, what: string): void {
  try {
    const url = new URL(address);
    if (url.origin === new URL(baseUrl).origin) return;
    if (url.protocol === "https:" && url.username === "" && url.port === "" && SLACK.test(url.hostname)) return;
  } catch {
    // Falls through to the same conclusion.
  }
  throw new SwitchboardError("REQ_001", `The address of the ${what} is not Slack's.`);
}
