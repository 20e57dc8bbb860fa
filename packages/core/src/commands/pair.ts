/** /pair: lets phones and other devices in, from a chat (DEV-8). Owners only. */
import {
  type Control,
  markdownContent,
  type OutboundContent,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import { SCOPES, type Scope } from "@switchboard/protocol";
import { anonymousPeer } from "../access/anonymise.ts";
import type { Approver } from "../devices/approver.ts";
import type { DeviceRequest, SetupProfile } from "../devices/records.ts";
import type { Command, CommandContext, CommandResult } from "./command.ts";
import { showing } from "./openly.ts";

/**
 * What an owner of commands can give from a chat: everything but administration, which takes the `admin` authority. The
 * four authorities are apart (ACC-4).
 */
const OWNER_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== "operator.admin");
/** The device runs on the gateway's own machine, e.g. an emulator. */
const HERE = "here";
const PROFILES: readonly SetupProfile[] = ["full", "limited", "node"];
const USAGE = "[qr] [full|limited|node] [here] | pending | approve <id> | reject <id> | cleanup";

export const pair: Command = {
  name: "pair",
  private: true,
  description: "Let a phone or another device in",
  usage: USAGE,
  changes: true,
  ownersOnly: true,
  async run(context) {
    const [verb = "", ...rest] = context.line.args.map((word) => word.toLowerCase());
    try {
      switch (verb) {
        case "pending":
        case "status":
          return { reply: pendingList(context), inPlace: isPress(context) };
        case "approve":
          return await decide(context, rest[0], "approve");
        case "reject":
          return await decide(context, rest[0], "reject");
        case "cleanup":
        case "clear":
        case "revoke":
          return await cleanUp(context);
        default:
          return await newCode(
            context,
            [verb, ...rest].filter((word) => word !== ""),
          );
      }
    } catch (thrown) {
      const error = toSwitchboardError(thrown);
      if (error.code === "SYS_005") throw thrown;
      // What everybody sees stays as it is: it may say by now who decided.
      const inPlace = isPress(context) && !showing(context).open;
      return { reply: markdownContent(`${error.message} ${error.action}`), inPlace };
    }
  },
};

/** Who decides in this chat, and what they can give. */
export function chatApprover({ account, event }: Pick<CommandContext, "account" | "event">): Approver {
  const isAdmin = account.authorities.holds("admin", event.sender?.id);
  return { actor: anonymousPeer(account, event.sender?.id), scopes: isAdmin ? SCOPES : OWNER_SCOPES, nodes: true };
}

async function newCode(context: CommandContext, words: readonly string[]): Promise<CommandResult> {
  const { account, cause, event, now, route, setupDesk } = context;
  const unknown = words.find((word) => word !== "qr" && word !== HERE && !isProfile(word));
  if (unknown !== undefined)
    return { reply: markdownContent(`I do not know \`/pair ${unknown.slice(0, 40)}\`. Write: \`/pair ${USAGE}\``) };
  if (event.conversation.kind !== "direct" || event.sender === undefined) {
    return { reply: markdownContent("Everybody here would see the code. Write /pair to me directly.") };
  }
  const approver = chatApprover(context);
  const wished = words.find(isProfile);
  const profile = wished ?? (approver.scopes.includes("operator.admin") ? "full" : "limited");
  const picture = words.includes("qr");
  const onThisMachine = words.includes(HERE);
  const { channel, account: id } = account.ref;
  const chat = { channel, account: id, target: route.origin, peer: event.sender.id };
  const wish = { profile, chat, event: cause.event, onThisMachine, picture };
  const issued = await setupDesk.issue(account.ref.tenant, wish, approver);
  const minutes = Math.max(1, Math.round((issued.expiresAt - now) / 60_000));
  const lines = [
    picture && issued.picture
      ? "Scan this with the device."
      : `Give this code to the device:\n\n\`\`\`\n${issued.code}\n\`\`\``,
    `It works once, for ${minutes} minutes, and gives ${ACCESS[issued.access]}. I will ask you before the device is let in.`,
    ...(issued.accessDowngraded ? ["It gives less than you wished: the gateway's address is not encrypted."] : []),
  ];
  return {
    reply: markdownContent(lines.join("\n\n"), picture && issued.picture ? { attachments: [issued.picture] } : {}),
  };
}

const ACCESS = { full: "full access", limited: "access without administration", node: "a node's access" } as const;

function pendingList({ account, devices, now }: CommandContext): OutboundContent {
  const requests = devices.requests(account.ref.tenant);
  if (requests.length === 0) return markdownContent("No device waits for approval.");
  const lines = requests.map((request) => `- ${describeRequest(request)}, ${ageOf(request, now)}`);
  return markdownContent(`**Devices that wait**\n\n${lines.join("\n")}`, {
    controls: requests.slice(-5).map(requestButtons),
  });
}

async function decide(
  context: CommandContext,
  which: string | undefined,
  verb: "approve" | "reject",
): Promise<CommandResult> {
  const { account, cause, devices } = context;
  const { tenant } = account.ref;
  const decision = verb === "approve" ? "approved" : "rejected";
  const earlier = devices.decidedBy(tenant, cause.event).filter((each) => each.decision === decision);
  // Worked on again, the event means the device it decided on then, whoever waits by now.
  const decided = fitting(
    earlier.map((each) => each.request),
    which,
  );
  const request = decided.at(-1) ?? theRequest(devices.requests(tenant), which);
  const approver = chatApprover(context);
  const { by, how, open } = showing(context);
  const shown = open ? how : { inPlace: isPress(context) };
  if (verb === "reject") {
    await devices.reject(tenant, request.id, approver, cause);
    return { reply: markdownContent(`Refused${by}: ${describeRequest(request)}.`), ...shown };
  }
  await devices.approve(tenant, request.id, approver, cause);
  return { reply: markdownContent(`Approved${by}: ${describeRequest(request)}. It may connect now.`), ...shown };
}

async function cleanUp(context: CommandContext): Promise<CommandResult> {
  const { tenant } = context.account.ref;
  const count = await context.devices.setupCodes.drop(tenant, chatApprover(context).actor);
  const what = count === 1 ? "One unused setup code is" : `${count} unused setup codes are`;
  return { reply: markdownContent(count === 0 ? "There is no unused setup code." : `${what} void now.`) };
}

/** The request whose id begins so, `latest`, or the only one. @throws REQ_002, REQ_001 when it is not clear which. */
function theRequest(requests: readonly DeviceRequest[], which: string | undefined): DeviceRequest {
  const all = fitting(requests, which);
  const last = all.at(-1);
  if (!last)
    throw new SwitchboardError("REQ_002", "No such device waits.", {
      action: "Write /pair pending to see those that do.",
    });
  if (all.length > 1 && which !== "latest") {
    throw new SwitchboardError("REQ_001", `${all.length} devices fit.`, {
      action: "Write /pair pending and choose one.",
    });
  }
  return last;
}

function fitting(requests: readonly DeviceRequest[], which: string | undefined): readonly DeviceRequest[] {
  return which === undefined || which === "latest" ? requests : requests.filter(({ id }) => id.startsWith(which));
}

/** One line about a device that waits; what it says of itself is marked as that. */
export function describeRequest(request: DeviceRequest): string {
  const { clientId, displayName, id, platform, remoteIp, roles, scopes } = request;
  const name = displayName ?? clientId;
  const asked = scopes.map((scope) => scope.replace("operator.", "")).join(", ");
  const from = remoteIp === undefined ? "this machine" : `\`${remoteIp}\``;
  return `\`${id.slice(0, 8)}\` “${plain(name)}” on ${plain(platform ?? "?")} from ${from} as ${roles.join(" and ")}${asked === "" ? "" : ` with ${asked}`}`;
}

export function requestButtons({ clientId, displayName, id }: DeviceRequest): readonly Control[] {
  const name = plain(displayName ?? clientId).slice(0, 20);
  return [
    { kind: "button", label: `Approve ${name}`, value: `/pair approve ${id}`, style: "primary" },
    { kind: "button", label: "Reject", value: `/pair reject ${id}`, style: "danger" },
  ];
}

/** Devices name themselves: no Markdown, no line breaks, no novel. */
function plain(text: string): string {
  return (
    text
      .replace(/[^\p{L}\p{N} ._'-]/gu, "")
      .trim()
      .slice(0, 40) || "?"
  );
}

function ageOf({ createdAt }: DeviceRequest, now: number): string {
  const minutes = Math.floor((now - createdAt) / 60_000);
  return minutes < 1 ? "just now" : `${minutes} min ago`;
}

function isProfile(word: string): word is SetupProfile {
  return (PROFILES as readonly string[]).includes(word);
}

function isPress({ event }: CommandContext): boolean {
  return event.kind === "control";
}
