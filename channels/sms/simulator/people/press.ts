/** People who answer with the number that stands beside what they want. */
import { SwitchboardError } from "@switchboard/domain";

/** @throws REQ_002 when the message offers nothing of that name. */
export function numberFor(body: string, label: string): string {
  const inSentence = [...body.matchAll(/(\d+) for ([^,\n]+?)(?=, \d+ for |\.$|\.\n)/gm)];
  const inList = [...body.matchAll(/^\s*(\d+)\. (.+)$/gm)];
  const [, number] = [...inSentence, ...inList].find(([, , name]) => name?.trim() === label) ?? [];
  if (number === undefined) throw new SwitchboardError("REQ_002", `The message offers no "${label}"`);
  return number;
}
