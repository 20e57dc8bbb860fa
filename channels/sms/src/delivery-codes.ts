/**
 * Why a message that Twilio took did not arrive, by the `ErrorCode` of its status call.
 * Source: https://www.twilio.com/docs/api/errors
 */

interface Cause {
  readonly words: string;
  /** Whether the same message may arrive later. */
  readonly passing: boolean;
}

const passing = (words: string): Cause => ({ words, passing: true });
const lasting = (words: string): Cause => ({ words, passing: false });

const CAUSES: Readonly<Record<string, Cause>> = {
  "21610": lasting("the recipient has opted out (STOP); only their START lets messages through again"),
  "30001": passing("Twilio's queue for this sender was full"),
  "30002": lasting("the Twilio account is suspended"),
  "30003": passing("the phone is switched off or out of reach"),
  "30004": lasting("the recipient or their carrier blocks messages from this number"),
  "30005": lasting("the number is unknown or no longer in service"),
  "30006": lasting("the number is a landline, or its carrier cannot be reached"),
  "30007": lasting("a carrier or Twilio filtered the message as unwanted"),
  "30008": passing("the carrier did not say why"),
  "30009": passing("a segment of the message was lost"),
  "30010": lasting("the message costs more than its limit"),
  "30017": passing("the carrier's network is congested"),
  "30019": lasting("the content is larger than the carrier takes"),
  "30022": passing("the sender's registered throughput was exceeded"),
  "30023": passing("the sender's registered daily limit was reached"),
  "30032": lasting("the toll-free number is not verified"),
  "30034": lasting("the number is not registered for A2P 10DLC"),
  "30410": passing("the carrier did not answer in time"),
  "30450": lasting("the sender or the recipient may not take part in this message"),
  "30500": passing("Twilio had an internal error"),
  "63018": passing("the rate limit of the sender was exceeded"),
  "63038": passing("the account's daily limit of messages was reached"),
};

/** One line for people. */
export function deliveryFailure(status: string, code: string | undefined): string {
  const cause = code === undefined ? undefined : CAUSES[code];
  if (!cause) return code === undefined ? status : `${status}, Twilio's error ${code}`;
  const hope = cause.passing ? "it may work later" : "it will not work later";
  return `${status}: ${cause.words} (Twilio's error ${code}; ${hope})`;
}
