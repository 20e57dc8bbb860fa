/** `switchboard channels …`: what can be connected, and what is. */
import { SwitchboardError } from "@switchboard/domain";
import type { Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { readStandardInput } from "../input.ts";
import { ago, table } from "../output.ts";

interface AddOptions {
  readonly account?: string;
  readonly set: readonly string[];
  readonly setting: readonly string[];
  readonly secret?: string;
  readonly secretStdin?: boolean;
  readonly replace?: boolean;
}

interface ActOptions {
  readonly account: string;
  readonly set: readonly string[];
}

interface ManifestOptions {
  readonly account: string;
  readonly name: string;
  readonly sockets?: boolean;
}

export function registerChannels(program: Command): void {
  const channels = program.command("channels").description("connect and look after accounts on chat platforms");
  examples(channels, ["channels list", "channels add <channel> --secret <token>", "channels status"]);

  examples(
    channels
      .command("list [channel]")
      .description("installed channels, what each needs, and the accounts there are")
      .action(
        action(async ({ output, withGateway }, channel: string | undefined) => {
          const params = channel === undefined ? {} : { channel };
          const result = await withGateway("local", (gateway) => gateway.request("channels.list", params));
          output.result(result, showList);
        }),
      ),
    ["channels list", "channels list --json"],
  );

  examples(
    channels
      .command("add <channel>")
      .description("add an account and connect it")
      .option("-a, --account <id>", "the account's name here", "default")
      .option("-s, --set <name=value>", "a property of the channel's config; may be repeated", collect, [])
      .option("--setting <name=value>", "an access or queue setting, e.g. dmPolicy=open; may be repeated", collect, [])
      .option("--secret <value>", "the channel's only secret, e.g. a bot token (it ends up in the shell's history)")
      .option("--secret-stdin", "read the secret from standard input")
      .option("--replace", "change an account that exists")
      .action(
        action(async ({ output, withGateway }, channel: string, options: AddOptions) => {
          const secret = options.secretStdin ? await readStandardInput() : options.secret;
          const result = await withGateway("local", async (gateway) => {
            const { channels: known } = await gateway.request("channels.list", { channel });
            const [spec] = known;
            if (!spec) throw new SwitchboardError("CFG_002", `There is no channel "${channel}".`);
            const config = { ...properties(options.set), ...(secret !== undefined && secretProperty(spec, secret)) };
            return gateway.request("channels.add", {
              channel,
              accountId: options.account ?? "default",
              config,
              settings: properties(options.setting),
              replace: options.replace ?? false,
            });
          });
          output.result(result, ({ accountId, replaced }) =>
            [
              `${pc.green("✓")} ${channel}:${accountId} ${replaced ? "changed" : "added"}.`,
              `  See how it is doing: switchboard channels status`,
            ].join("\n"),
          );
        }),
      ),
    [
      "channels add telegram --secret-stdin < token.txt",
      "channels add telegram --account work --secret <token> --setting allowFrom=12345 --setting requireMention=false",
    ],
  );

  examples(
    channels
      .command("manifest <channel>")
      .description("the settings of an app at the platform, as a file that its console takes")
      .option("-a, --account <id>", "the account's name here", "default")
      .option("-n, --name <name>", "what people see the account called", "Switchboard")
      .option("--sockets", "the platform need not call the gateway")
      .action(
        action(async ({ output, withGateway }, channel: string, options: ManifestOptions) => {
          const { account, name, sockets } = options;
          const params = { channel, accountId: account, name, ...(sockets && { events: "sockets" as const }) };
          const result = await withGateway("local", (gateway) => gateway.request("channels.manifest", params));
          output.result(result, ({ body }) => body.trimEnd());
        }),
      ),
    ["channels manifest <channel> > manifest.json", "channels manifest <channel> --name Desk --sockets"],
  );

  examples(
    channels
      .command("install <channel>")
      .description("an address at which somebody lets the app in once more, e.g. in another workspace")
      .option("-f, --from <account>", "the account whose app it is", "default")
      .action(
        action(async ({ output, withGateway }, channel: string, { from }: { from: string }) => {
          const params = { channel, accountId: from };
          const result = await withGateway("fail", (gateway) => gateway.request("channels.install", params));
          output.result(result, ({ expiresAt, url }) =>
            [
              url,
              "",
              `Open it in a browser within ${Math.round((expiresAt - Date.now()) / 60_000)} minutes. It is good once;`,
              "whoever has it can add an account, so give it only to the person who shall do that.",
            ].join("\n"),
          );
        }),
      ),
    ["channels install slack", "channels install slack --from work --json"],
  );

  examples(
    channels
      .command("act <channel> [action]")
      .description("what only that platform has, e.g. its templates; without an action: what there is")
      .option("-a, --account <id>", "the account's name here", "default")
      .option("-s, --set <name=value>", "a parameter of the action; a value may be JSON; may be repeated", collect, [])
      .action(
        action(async ({ output, withGateway }, channel: string, name: string | undefined, options: ActOptions) => {
          if (name === undefined) {
            const result = await withGateway("local", (gateway) => gateway.request("channels.list", { channel }));
            const actions = result.channels.flatMap((each) => each.actions);
            output.result(actions, showActions);
            return;
          }
          const params = properties(options.set);
          const result = await withGateway("fail", (gateway) =>
            gateway.request("channels.act", { channel, accountId: options.account, action: name, params }, 60_000),
          );
          output.result(result.result, (value) => JSON.stringify(value, null, 2));
        }),
      ),
    ["channels act <channel>", "channels act <channel> <action> --set name=order_ready"],
  );

  examples(
    channels
      .command("remove <channel>")
      .description("log out, disconnect and wipe the credential; messages stay")
      .option("-a, --account <id>", "the account's name here", "default")
      .action(
        action(async ({ output, withGateway }, channel: string, { account }: { account: string }) => {
          const result = await withGateway("local", (gateway) =>
            gateway.request("channels.remove", { channel, accountId: account }),
          );
          output.result(result, () => `${pc.green("✓")} ${channel}:${account} removed.`);
        }),
      ),
    ["channels remove telegram", "channels remove telegram --account work --json"],
  );

  for (const verb of ["start", "stop"] as const) {
    examples(
      channels
        .command(`${verb} <channel>`)
        .description(verb === "start" ? "connect an account" : "disconnect an account, keeping its credential")
        .option("-a, --account <id>", "the account's name here", "default")
        .action(
          action(async ({ output, withGateway }, channel: string, { account }: { account: string }) => {
            const result = await withGateway("local", (gateway) =>
              gateway.request(`channels.${verb}`, { channel, accountId: account }),
            );
            output.result(
              result as unknown,
              () => `${pc.green("✓")} ${channel}:${account} ${verb === "start" ? "started" : "stopped"}.`,
            );
          }),
        ),
      [`channels ${verb} telegram`],
    );
  }

  examples(
    channels
      .command("status [channel]")
      .description("how each account is doing, and what that rests on")
      .option("--probe", "ask the platforms now")
      .action(
        action(async ({ output, withGateway }, channel: string | undefined, { probe = false }: { probe?: boolean }) => {
          const params = { probe, ...(channel !== undefined && { channel }) };
          const result = await withGateway("fail", (gateway) => gateway.request("channels.status", params, 60_000));
          output.result(result, showStatus);
        }),
      ),
    ["channels status", "channels status --probe --json"],
  );
}

function showList({ channels, accounts }: Result<"channels.list">): string {
  const installed = channels.map(({ id, label, transports, env }) => [
    id,
    label,
    transports.join(", "),
    Object.keys(env).join(" "),
  ]);
  const rows = accounts.map(({ channel, accountId, source, enabled, status }) => [
    `${channel}:${accountId}`,
    source,
    enabled ? (status?.state ?? "–") : "off",
    String(status?.name ?? "–"),
  ]);
  return [
    table(["CHANNEL", "NAME", "BY", "ENVIRONMENT"], installed, "No channels are installed."),
    "",
    table(["ACCOUNT", "FROM", "STATE", "AS"], rows, "No accounts yet. Add one: switchboard channels add <channel>"),
  ].join("\n");
}

function showActions(actions: Result<"channels.list">["channels"][number]["actions"]): string {
  const rows = actions.map(({ description, name, params }) => {
    const names = Object.keys((params.properties as object | undefined) ?? {});
    return [name, names.join(" "), description];
  });
  return table(["ACTION", "TAKES", ""], rows, "This channel has no actions of its own.");
}

function showStatus({ channelOrder, channelAccounts }: Result<"channels.status">): string {
  const rows = channelOrder.flatMap((channel) =>
    (channelAccounts[channel] ?? []).map((account) => [
      `${channel}:${account.accountId}`,
      account.state === "CONNECTED" ? pc.green("CONNECTED") : pc.yellow(account.state ?? "–"),
      account.mode ?? "–",
      account.evidence ? `${account.evidence.kind} ${ago(account.evidence.at)}` : "–",
      ago(account.lastInboundAt),
      ago(account.lastOutboundAt),
      account.lastError ?? account.note ?? "",
    ]),
  );
  return table(["ACCOUNT", "STATE", "BY", "SIGN OF LIFE", "LAST IN", "LAST OUT", "REMARK"], rows, "No accounts.");
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** `name=value`; a value that is JSON is taken as such, a comma makes a list for known list settings. */
function properties(pairs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) throw new SwitchboardError("REQ_001", `"${pair}" is not of the form name=value.`);
      const name = pair.slice(0, at);
      const text = pair.slice(at + 1);
      const isList = ["allowFrom", "groups", "groupAllowFrom", "owners"].includes(name);
      return [name, isList && !text.startsWith("[") ? text.split(",").map((each) => each.trim()) : parsed(text)];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function secretProperty(spec: Result<"channels.list">["channels"][number], secret: string): Record<string, string> {
  const [name, ...others] = spec.secrets;
  if (name === undefined || others.length > 0) {
    throw new SwitchboardError(
      "REQ_001",
      `${spec.label} has ${spec.secrets.length} secrets; name each with --set: ${spec.secrets.join(", ")}.`,
    );
  }
  return { [name]: secret };
}
