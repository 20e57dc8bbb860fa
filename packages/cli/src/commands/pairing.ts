/** `switchboard pairing …`: who wrote to an account that does not know them, and letting them in. */
import { SwitchboardError } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { ago, table } from "../output.ts";

const DEFAULT_ACCOUNT = "default";
/** Codes are shorter. */
const REQUEST_ID_LENGTH = 32;

type Listed = Result<"channels.pairing.list">;

interface ApproveOptions {
  readonly account: string;
  readonly notify?: boolean;
}

export function registerPairing(program: Command): void {
  const pairing = program
    .command("pairing")
    .description("people who want to write to an account that does not know them");
  examples(pairing, ["pairing list", "pairing approve telegram ABCD2345 --notify"]);

  examples(
    pairing
      .command("list [channel]")
      .description("who waits to be let in")
      .option("-a, --account <id>", "only those of this account")
      .action(
        action(async ({ output, withGateway }, channel: string | undefined, options: { account?: string }) => {
          const params = {
            ...(channel !== undefined && { channel }),
            ...(options.account !== undefined && { accountId: named(options.account) }),
          };
          const result = await withGateway("local", (gateway) => gateway.request("channels.pairing.list", params));
          output.result({ ...(channel !== undefined && { channel }), ...result }, showRequests);
        }),
      ),
    ["pairing list", "pairing list telegram --account work --json"],
  );

  examples(
    pairing
      .command("approve <channel> <code>")
      .description("let somebody in by the code they were given; the first one becomes the account's owner")
      .option("-a, --account <id>", "the account they wrote to", DEFAULT_ACCOUNT)
      .option("--notify", "tell them in the chat")
      .action(
        action(async ({ output, withGateway }, channel: string, code: string, options: ApproveOptions) => {
          const account = { channel, accountId: named(options.account) };
          const result = await withGateway("local", async (gateway) => {
            const { commandOwnerConfigured } = await gateway.request("channels.pairing.list", account);
            return gateway.request("channels.pairing.approve", {
              ...account,
              ...whichOf(code),
              notify: options.notify ?? false,
              ...(!commandOwnerConfigured && { bootstrapCommandOwner: true }),
            });
          });
          output.result(result, (approved) => showApproval(approved, `${channel}:${account.accountId}`));
        }),
      ),
    ["pairing approve telegram ABCD2345", "pairing approve telegram ABCD2345 --account work --notify"],
  );

  examples(
    pairing
      .command("dismiss <channel> <code-or-id>")
      .description("drop a request; who made it may ask again")
      .option("-a, --account <id>", "the account they wrote to", DEFAULT_ACCOUNT)
      .action(
        action(async ({ output, withGateway }, channel: string, text: string, { account }: { account: string }) => {
          const result = await withGateway("local", (gateway) =>
            gateway.request("channels.pairing.dismiss", { channel, accountId: named(account), ...whichOf(text) }),
          );
          output.result(result, ({ senderId }) => `${pc.green("✓")} The request of ${senderId} is dismissed.`);
        }),
      ),
    ["pairing dismiss telegram ABCD2345", "pairing dismiss telegram <request id> --account work"],
  );
}

/** @throws REQ_001 for a blank name: it would mean another account than the one that was meant. */
function named(account: string): string {
  if (account.trim() !== "") return account.trim();
  throw new SwitchboardError("REQ_001", "--account is blank; name the account or leave the option out.");
}

function whichOf(text: string): { readonly requestId: string } | { readonly code: string } {
  const which = text.trim();
  if (which === "") throw new SwitchboardError("REQ_001", "Give the code that the person was told.");
  return which.length === REQUEST_ID_LENGTH ? { requestId: which } : { code: which };
}

function showRequests({ requests }: Listed): string {
  const rows = requests.map((request) => [
    `${request.channel}:${request.accountId}`,
    request.senderId,
    request.metadata?.username === undefined
      ? request.senderLabel
      : `${request.senderLabel} (@${request.metadata.username})`,
    ago(Date.parse(request.createdAt)),
    left(request.expiresAt),
    request.requestId,
  ]);
  return table(["ACCOUNT", "SENDER", "NAME", "ASKED", "LEFT", "REQUEST"], rows, "Nobody waits to be let in.");
}

function left(expiresAt: string, now = Date.now()): string {
  return `${Math.max(1, Math.ceil((Date.parse(expiresAt) - now) / 60_000))} min`;
}

function showApproval(
  { commandOwnerBootstrap, notification, senderId }: Result<"channels.pairing.approve">,
  account: string,
): string {
  const told = {
    "not-requested": undefined,
    sent: "They were told so.",
    failed: "They could not be told; tell them yourself that they may write now.",
    unsupported: "This channel cannot tell them; tell them yourself that they may write now.",
  }[notification];
  return [
    `${pc.green("✓")} ${senderId} may write to ${account} now.`,
    ...(commandOwnerBootstrap === "configured" ? ["  Nobody owned this account yet: they are its owner now."] : []),
    ...(told === undefined ? [] : [`  ${told}`]),
  ].join("\n");
}
