/**
 * Words that people may always send. Twilio acts on them itself and passes them on: who wrote STOP gets nothing more
 * until they write START, HELP is answered. The agent never answers any of them.
 * Sources: https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out and Twilio's support for opt-out keywords.
 */

export type Keyword = "stop" | "start" | "help";

const STOP = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"];
/** YES opts in, too, but only for somebody who is out; for everybody else it is an answer. */
const START = ["START", "UNSTOP"];
const HELP = ["HELP", "INFO"];

/** `optOutType`: what a Messaging Service with Advanced Opt-Out found, in its own words and languages. */
export function keywordOf(body: string, optOutType: string | undefined): Keyword | undefined {
  switch (optOutType) {
    case "STOP":
      return "stop";
    case "START":
      return "start";
    case "HELP":
      return "help";
  }
  const word = body.trim().toUpperCase();
  if (STOP.includes(word)) return "stop";
  if (START.includes(word)) return "start";
  return HELP.includes(word) ? "help" : undefined;
}
