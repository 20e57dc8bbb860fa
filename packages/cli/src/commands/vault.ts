/** `switchboard vault …`: the keys that secrets are sealed with. */
import type { MethodName, Params, Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, type CommandContext, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { table, time } from "../output.ts";

type Status = Result<"vault.status">;
type Verified = Result<"vault.verify">;
type Step = "vault.status" | "vault.rotate" | "vault.verify";

/** A call goes through some tenants only. */
const STEP_TIMEOUT_MS = 120_000;

export function registerVault(program: Command): void {
  const vault = program.command("vault").description("the keys that secrets are sealed with");
  examples(vault, ["vault status", "vault rotate", "vault verify"]);

  examples(
    vault
      .command("status")
      .description("which keys there are, and what is sealed with them")
      .action(
        action(async ({ output, withGateway }) => {
          const answers = await withGateway("local", (gateway) => steps(gateway, "vault.status", {}, () => {}));
          const [first] = answers;
          if (!first) return;
          const { next: _, ...rest } = first;
          const status = { ...rest, tenants: answers.flatMap(({ tenants }) => tenants) };
          output.result(status, show);
          if (status.trouble !== undefined) process.exitCode = 1;
        }),
      ),
    ["vault status", "vault status --json"],
  );

  examples(
    vault
      .command("rotate")
      .description("make a new master key and wrap every tenant's keys with it; nothing has to be stopped")
      .option("--data-keys", "make new keys for the tenants as well, and seal every value anew")
      .option("--forget-old", "keep no earlier master key: backups made under one cannot be opened any more")
      .action(
        action(async ({ output, withGateway }, { dataKeys = false, forgetOld = false }: RotateOptions) => {
          output.note("If this breaks off, run it again: it goes on with the same key.");
          const answers = await withGateway("local", (gateway) =>
            steps(gateway, "vault.rotate", { dataKeys, forgetOld }, progress(output)),
          );
          const sum = (of: "tenants" | "rewrapped" | "resealed") => answers.reduce((all, each) => all + each[of], 0);
          const result = {
            master: answers[0]?.master ?? "",
            resumed: answers[0]?.resumed === true,
            tenants: sum("tenants"),
            rewrapped: sum("rewrapped"),
            resealed: sum("resealed"),
            forgotten: answers.flatMap(({ forgotten }) => forgotten),
          };
          output.result(result, ({ forgotten, master, resealed, resumed, rewrapped, tenants }) =>
            [
              `${pc.green("✓")} The master key is ${master} now${resumed ? "; it was there already" : ""}.`,
              `  Tenants: ${tenants}. Keys wrapped anew: ${rewrapped}. Values sealed anew: ${resealed}.`,
              ...(forgotten.length > 0 ? [`  Not kept any more: ${forgotten.join(", ")}.`] : []),
            ].join("\n"),
          );
        }),
      ),
    ["vault rotate", "vault rotate --data-keys", "vault rotate --forget-old --json"],
  );

  examples(
    vault
      .command("verify")
      .description("open everything that is sealed, and name what cannot be opened; exit code 1 if there is any")
      .action(
        action(async ({ output, withGateway }) => {
          const answers = await withGateway("local", (gateway) => steps(gateway, "vault.verify", {}, progress(output)));
          const trouble = answers.at(-1)?.trouble;
          const result = {
            keys: answers.reduce((sum, { keys }) => sum + keys, 0),
            values: answers.reduce((sum, { values }) => sum + values, 0),
            unopened: answers.flatMap(({ unopened }) => unopened),
            ...(trouble !== undefined && { trouble }),
          };
          output.result(result, showVerified);
          if (result.unopened.length > 0 || trouble !== undefined) process.exitCode = 1;
        }),
      ),
    ["vault verify", "vault verify --json"],
  );

  examples(
    vault
      .command("shred")
      .description("log a tenant's accounts out and remove its keys: what was sealed for it can never be opened again")
      .requiredOption("--tenant <id>", "whose")
      .requiredOption("--confirm <id>", "the same id again; there is no way back")
      .action(
        action(async ({ output, withGateway }, { confirm, tenant }: { tenant: string; confirm: string }) => {
          const params = { tenant, confirm };
          const result = await withGateway("local", (gateway) =>
            gateway.request("vault.shred", params, STEP_TIMEOUT_MS),
          );
          output.result(result, ({ accounts, keys }) =>
            [
              `${pc.green("✓")} ${keys} keys of ${tenant} removed, ${accounts} accounts logged out.`,
              "  A backup of the whole store still holds the keys: delete it, or run: switchboard vault rotate --forget-old",
            ].join("\n"),
          );
        }),
      ),
    ["vault shred --tenant tenant-42 --confirm tenant-42"],
  );
}

interface RotateOptions {
  readonly dataKeys?: boolean;
  readonly forgetOld?: boolean;
}

/** Asks until there is no more. */
async function steps<M extends MethodName & Step>(
  gateway: GatewayAccess,
  method: M,
  params: Params<M>,
  tell: (next: string) => void,
): Promise<Result<M>[]> {
  const answers: Result<M>[] = [];
  for (let after: string | undefined; ; ) {
    const given = { ...params, ...(after !== undefined && { after }) } as Params<M>;
    const answer = await gateway.request(method, given, STEP_TIMEOUT_MS);
    answers.push(answer);
    after = (answer as { readonly next?: string }).next;
    if (after === undefined) return answers;
    tell(after);
  }
}

function progress({ note }: CommandContext["output"]): (next: string) => void {
  return (next) => note(`  up to tenant ${next}`);
}

function show({ masters, place, tenants, trouble }: Status): string {
  const newest = (keys: Status["tenants"][number]["keys"]) =>
    keys.filter(({ purpose }) => purpose === "seal").sort((a, b) => b.generation - a.generation)[0];
  return [
    `Master keys come from ${place}.`,
    table(
      ["KEY", "WHAT", "WRAPS"],
      masters.map(({ atHand, id, seals, wraps }) => [
        id,
        atHand ? (seals ? pc.green("seals") : "opens") : pc.red("missing"),
        `${wraps} keys`,
      ]),
      "There is none.",
    ),
    "",
    table(
      ["TENANT", "VALUES", "UNDER THE NEWEST KEY", "WITHOUT A KEY", "NEWEST KEY", "MADE"],
      tenants.map(({ keyless, keys, tenant, values }) => {
        const key = newest(keys);
        const [under, id, made] = key ? [String(key.values), key.id, time(key.createdAt)] : ["–", "–", "–"];
        return [tenant, String(values), under, keyless > 0 ? pc.red(String(keyless)) : "0", id, made];
      }),
      "No tenant has any.",
    ),
    ...(trouble === undefined
      ? []
      : ["", `${pc.red("✗")} ${trouble}`, "  Give the gateway that key back; nothing was overwritten."]),
  ].join("\n");
}

function showVerified({ keys, trouble, unopened, values }: Omit<Verified, "next">): string {
  if (unopened.length === 0 && trouble === undefined) {
    return `${pc.green("✓")} Everything that is sealed can be opened. Keys: ${keys}. Values: ${values}.`;
  }
  return [
    table(
      ["TENANT", "WHAT", "WHY"],
      unopened.map(({ account, channel, key, kind, tenant, why }) => [
        tenant,
        [kind, ...(channel === undefined ? [] : [`of ${channel}:${account}`]), key].join(" ").trim(),
        why,
      ]),
      "Everything that is there can be opened.",
    ),
    ...(trouble === undefined ? [] : [`${pc.red("✗")} ${trouble}`]),
    `${pc.red("✗")} ${unopened.length} of ${keys + values} cannot be opened (${keys} keys, ${values} values).`,
  ].join("\n");
}
