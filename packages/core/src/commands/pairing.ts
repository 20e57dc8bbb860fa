/** /pairing: owners see who waits to be let in, and decide. */
import { markdownContent, SwitchboardError, textContent } from "@switchboard/domain";
import { anonymousPeer } from "../access/anonymise.ts";
import { OPENLY } from "../access/approvals.ts";
import { CODE_LENGTH } from "../access/pairing-code.ts";
import { describe, pendingContent } from "../access/pairing-texts.ts";
import type { WhichRequest } from "../access/pairings.ts";
import type { Command, CommandContext, CommandResult } from "./command.ts";
import { showing } from "./openly.ts";

export const pairing: Command = {
  name: "pairing",
  private: true,
  description: "See who waits to be let in",
  usage: "[approve|dismiss <code>]",
  changes: false,
  ownersOnly: true,
  run: async (context) => {
    const [verb, which, ...more] = context.line.args.filter((word) => word !== OPENLY);
    if (verb === undefined) return list(context);
    if ((verb !== "approve" && verb !== "dismiss") || which === undefined || more.length > 0) {
      return { reply: markdownContent("Write `/pairing`, `/pairing approve <code>` or `/pairing dismiss <code>`.") };
    }
    return decide(context, verb, which.length <= CODE_LENGTH ? { code: which } : { id: which });
  },
};

async function list({ account, now, pairings }: CommandContext): Promise<CommandResult> {
  const { account: id, channel, tenant } = account.ref;
  const pending = await pairings.pending(tenant, { channel, account: id });
  return { reply: pendingContent(pending, now, account.channel.capabilities.controls.buttons), inPlace: true };
}

async function decide(
  context: CommandContext,
  verb: "approve" | "dismiss",
  which: WhichRequest,
): Promise<CommandResult> {
  const { account, cause, event, pairings } = context;
  const by = anonymousPeer(account, event.sender?.id);
  const shown = showing(context);
  try {
    if (verb === "dismiss") {
      const request = await pairings.dismiss(account.ref, which, by, cause);
      return {
        reply: markdownContent(`Dismissed${shown.by}: ${describe(request)}. They may ask again.`),
        ...shown.how,
      };
    }
    const { request } = await pairings.approve(account.ref, which, { by, owner: false, tell: true, cause });
    return { reply: markdownContent(`Let in${shown.by}: ${describe(request)}. They are told so.`), ...shown.how };
  } catch (error) {
    if (!(error instanceof SwitchboardError) || !["REQ_002", "SEC_005"].includes(error.code)) throw error;
    // In private and beside the message, which may say by now who decided.
    return { reply: textContent(`${error.message} Write /pairing to see who waits.`) };
  }
}
