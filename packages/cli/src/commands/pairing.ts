/** `switchboard pairing …`: who wrote to an account that does not know them, and letting them in. */
import { SwitchboardError } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { ago, table } from "../output.ts";

const DEFAULT_ACCOUNT = "default";
/** Codes are shorter. */
const REQUEST_ID_LENGTH = 32;
/** One in 64 begins with a dash: the form is the wire's. */
const LIKE_AN_OPTION = /^-[\w-]{31}$/;
/** What follows one of these is its value, whatever it looks like. */
const WITH_VALUE = ["--token", "--url"];

type Listed = Result<"channels.pairing.list">;

interface ListOptions {
  readonly account?: string;
  readonly channel?: string;
}

interface DecideOptions {
  readonly account: string;
  readonly channel?: string;
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
      .option("-c, --channel <channel>", "only those of this channel, as the argument")
      .option("-a, --account <id>", "only those of this account")
      .action(
        action(async ({ output, withGateway }, argument: string | undefined, options: ListOptions) => {
          const channel = oneChannel(argument, options.channel);
          const params = {
            ...(channel !== undefined && { channel }),
            ...(options.account !== undefined && { accountId: named(options.account) }),
          };
          const result = await withGateway("local", (gateway) => gateway.request("channels.pairing.list", params));
          output.result({ ...(channel !== undefined && { channel }), ...result }, showRequests);
        }),
      ),
    ["pairing list", "pairing list telegram --account work --json", "pairing list --channel telegram"],
  );

  examples(
    pairing
      .command("approve <channel-and-code...>")
      .usage("[options] [channel] <code>")
      .description("let somebody in by the code they were given; the first one becomes the account's owner")
      .option("-c, --channel <channel>", "the channel they wrote on, instead of the argument")
      .option("-a, --account <id>", "the account they wrote to", DEFAULT_ACCOUNT)
      .option("--notify", "tell them in the chat")
      .action(
        action(async ({ output, withGateway }, words: readonly string[], options: DecideOptions) => {
          const { channel: given, text: code } = channelAnd(words, options.channel);
          const accountId = named(options.account);
          const { channel, ...result } = await withGateway("local", async (gateway) => {
            const account = { channel: given ?? (await onlyChannel(gateway)), accountId };
            const { commandOwnerConfigured } = await gateway.request("channels.pairing.list", account);
            const approved = await gateway.request("channels.pairing.approve", {
              ...account,
              ...whichOf(code),
              notify: options.notify ?? false,
              ...(!commandOwnerConfigured && { bootstrapCommandOwner: true }),
            });
            return { channel: account.channel, ...approved };
          });
          output.result(result, (approved) => showApproval(approved, `${channel}:${accountId}`));
        }),
      ),
    [
      "pairing approve telegram ABCD2345",
      "pairing approve telegram ABCD2345 --account work --notify",
      "pairing approve --channel telegram ABCD2345",
      "pairing approve ABCD2345",
    ],
  );

  examples(
    pairing
      .command("dismiss <channel-and-code...>")
      .usage("[options] [channel] <code or id>")
      .description("drop a request; who made it may ask again")
      .option("-c, --channel <channel>", "the channel they wrote on, instead of the argument")
      .option("-a, --account <id>", "the account they wrote to", DEFAULT_ACCOUNT)
      .action(
        action(async ({ output, withGateway }, words: readonly string[], options: DecideOptions) => {
          const { channel, text } = channelAnd(words, options.channel);
          const accountId = named(options.account);
          const result = await withGateway("local", async (gateway) =>
            gateway.request("channels.pairing.dismiss", {
              channel: channel ?? (await onlyChannel(gateway)),
              accountId,
              ...whichOf(text),
            }),
          );
          output.result(result, ({ senderId }) => `${pc.green("✓")} The request of ${senderId} is dismissed.`);
        }),
      ),
    ["pairing dismiss telegram ABCD2345", "pairing dismiss telegram <request id> --account work"],
  );
}

/** The same command line, with every request id that would be taken for an option made a word by a blank before it. */
export function withIdsAsWords(argv: readonly string[]): string[] {
  const command = argv.indexOf("pairing");
  return argv.map((word, index) => {
    const isId = command >= 0 && index > command && LIKE_AN_OPTION.test(word);
    return isId && !WITH_VALUE.includes(argv[index - 1] ?? "") ? ` ${word}` : word;
  });
}

/** The channel by its argument or its option. @throws REQ_001 when they name two. */
function oneChannel(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument === undefined || option === undefined || argument === option) return option ?? argument;
  throw new SwitchboardError("REQ_001", `Both ${argument} and --channel ${option} are given; name one channel.`);
}

/** `<channel> <code>`, `--channel <channel> <code>` or the code alone. @throws REQ_001. */
function channelAnd(
  [first = "", second, ...more]: readonly string[],
  option: string | undefined,
): { readonly channel: string | undefined; readonly text: string } {
  if (more.length > 0) throw new SwitchboardError("REQ_001", "Give a channel and a code, and nothing else.");
  if (second === undefined) return { channel: option, text: first };
  return { channel: oneChannel(first, option), text: second };
}

/** The channel of every account that people can ask to write to. @throws REQ_001 when there are several, or none. */
async function onlyChannel(gateway: GatewayAccess): Promise<string> {
  const { accounts } = await gateway.request("channels.pairing.list", {});
  const [only, ...others] = new Set(accounts.map(({ channel }) => channel));
  if (only !== undefined && others.length === 0) return only;
  const names = [only, ...others].filter((each) => each !== undefined).join(", ");
  throw new SwitchboardError("REQ_001", `Say on which channel they wrote: ${names || "no account is connected"}.`);
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
