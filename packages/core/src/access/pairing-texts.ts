/** What strangers and owners are told about pairing. */
import { type Control, markdownContent, type OutboundContent, oneLine, textContent } from "@switchboard/domain";
import type { PairingRequest } from "../ports/index.ts";
import { senderLabel } from "./pairing.ts";

const MINUTE_MS = 60_000;

/** To the stranger: their code, and what the owner does with it. */
export function codeContent({ account, channel, code, sender }: PairingRequest): OutboundContent {
  const which = account === "default" ? "" : ` --account ${account}`;
  return markdownContent(
    [
      "I do not know you yet, so nobody read this. Give the owner of this account your code; it is valid for an hour.",
      `\`\`\`\n${code}\n\`\`\``,
      `They let you in with \`/pairing approve ${code}\` in a chat with me, or on the gateway's machine with:`,
      `\`\`\`\nswitchboard pairing approve ${channel} ${code}${which}\n\`\`\``,
      `Your id here is ${asCode(sender)}.`,
    ].join("\n\n"),
  );
}

/** To an owner: who asks, with buttons where the platform has `buttons` of them. */
export function requestContent(request: PairingRequest, buttons: number): OutboundContent {
  const text = `${describe(request)} asks to write to me. Let them in only if you know them: the name is their own choice.`;
  const controls = [resolveButtons(request)];
  return buttons < 2 ? markdownContent(`${text}\n\n${inWords(request.id)}`) : markdownContent(text, { controls });
}

/** To an owner: who waits, each with buttons where the platform has `buttons` of them. */
export function pendingContent(requests: readonly PairingRequest[], now: number, buttons: number): OutboundContent {
  if (requests.length === 0) return textContent("Nobody waits to be let in.");
  const lines = requests.map((request, index) => {
    const left = Math.max(1, Math.ceil((request.expiresAt - now) / MINUTE_MS));
    return `${index + 1}. ${describe(request)}, ${left} min left`;
  });
  const text = `**Waiting to be let in**\n\n${lines.join("\n")}`;
  if (buttons < 2 * requests.length) {
    return markdownContent([text, ...requests.map(({ id }, index) => `${index + 1}: ${inWords(id)}`)].join("\n\n"));
  }
  const number = (index: number) => (requests.length > 1 ? index + 1 : undefined);
  return markdownContent(text, { controls: requests.map((each, index) => resolveButtons(each, number(index))) });
}

/** To the person who was let in. */
export function welcomeContent(): OutboundContent {
  return textContent("You are known here now. Write your message again.");
}

/** One line that names a person in Markdown: what they call themselves stays literal. */
export function describe(request: PairingRequest): string {
  const handle = request.username === undefined ? "" : ` (${asCode(`@${request.username}`)})`;
  return `${asCode(senderLabel(request))}${handle}, id ${asCode(request.sender)}`;
}

function inWords(id: string): string {
  return `\`/pairing approve ${id}\` or \`/pairing dismiss ${id}\``;
}

/** The id and not the code: a button is kept and shown to more people than the owner. */
function resolveButtons({ id }: PairingRequest, number?: number): Control[] {
  const which = number === undefined ? "" : ` ${number}`;
  return [
    { kind: "button", label: `Approve${which}`, value: `/pairing approve ${id}`, style: "primary" },
    { kind: "button", label: `Dismiss${which}`, value: `/pairing dismiss ${id}`, style: "danger" },
  ];
}

function asCode(text: string): string {
  return `\`${oneLine(text).replaceAll("`", "'") || "?"}\``;
}
