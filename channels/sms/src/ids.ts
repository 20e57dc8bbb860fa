/**
 * Names of this channel. A conversation is the other side's number in E.164 (`+15551234567`) or a short code (`12345`);
 * a message is its SID, `SM…` or `MM…` and 32 hexadecimal digits.
 */
import { readChannelId } from "@switchboard/channel-kit/manifest";

export const CHANNEL_ID = readChannelId(import.meta.url);

/** What can be written to: https://www.twilio.com/docs/glossary/what-e164 and short codes. */
const ADDRESS = /^(\+[1-9]\d{6,14}|\d{3,8})$/;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}
