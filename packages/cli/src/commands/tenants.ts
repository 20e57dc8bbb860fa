/** `switchboard tenants …`: who uses this gateway besides whoever runs it. */
import { SwitchboardError } from "@switchboard/domain";
import { API_SCOPES, type ApiScope } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { ago, table } from "../output.ts";

const DAY_MS = 86_400_000;

export function registerTenants(program: Command): void {
  const tenants = program.command("tenants").description("who uses this gateway; needs identity.enabled");
  examples(tenants, ["tenants list", "tenants create Acme --owner ada@example.com", "tenants suspend <id>"]);
  listCommand(tenants);
  createCommand(tenants);
  keyCommand(tenants);
  suspendCommand(tenants);
  resumeCommand(tenants);
  removeCommand(tenants);
  resetCommand(tenants);
}

function listCommand(tenants: Command): void {
  examples(
    tenants
      .command("list")
      .description("all tenants, the oldest first")
      .action(
        action(async ({ output, withGateway }) => {
          const result = await withGateway("local", (gateway) => gateway.request("tenants.list", {}));
          output.result(result, ({ tenants: rows }) =>
            table(
              ["TENANT", "NAME", "MEMBERS", "STATE", "AGE"],
              rows.map(({ createdAt, id, members, name, suspendedAt }) => [
                id,
                name,
                String(members),
                suspendedAt === undefined ? pc.green("active") : pc.yellow(`suspended ${ago(suspendedAt)}`),
                createdAt === 0 ? "" : ago(createdAt),
              ]),
              "No tenants.",
            ),
          );
        }),
      ),
    ["tenants list", "tenants list --json"],
  );
}

function createCommand(tenants: Command): void {
  examples(
    tenants
      .command("create <name>")
      .description("make a tenant, and a link that lets its owner in, once")
      .option("--owner <email>", "who will own it")
      .action(
        action(async ({ output, withGateway }, name: string, { owner }: { owner?: string }) => {
          const params = { name, ...(owner !== undefined && { owner }) };
          const result = await withGateway("local", (gateway) => gateway.request("tenants.create", params));
          output.result(result, ({ id, link }) =>
            [
              `${pc.green("✓")} ${id} is there`,
              ...(link === undefined ? [] : [`  ${owner} opens this link within a week:`, `  ${link}`]),
            ].join("\n"),
          );
        }),
      ),
    ["tenants create Acme --owner ada@example.com"],
  );
}

interface KeyOptions {
  readonly name: string;
  readonly scopes?: string;
  readonly days?: string;
}

function keyCommand(tenants: Command): void {
  examples(
    tenants
      .command("key <id>")
      .description("make an API key that acts for a tenant; it is shown this once")
      .requiredOption("--name <name>", "what the key is for")
      .option(
        "--scopes <list>",
        "what it may do, e.g. channels:read,channels:write; default all but what is about people",
      )
      .option("--days <n>", "how long it holds (default: until it is revoked)")
      .action(
        action(async ({ output, withGateway }, id: string, options: KeyOptions) => {
          const params = { id, name: options.name, ...scopesIn(options.scopes), ...endIn(options.days) };
          const result = await withGateway("local", (gateway) => gateway.request("tenants.createKey", params));
          output.result(result, ({ id: key, scopes, secret }) =>
            [`${pc.green("✓")} ${key} may ${scopes.join(", ")}`, "  It is shown this once:", `  ${secret}`].join("\n"),
          );
        }),
      ),
    ["tenants key t_h3k9m2x7q4ab --name 'front end'", "tenants key default --name 'back end' --scopes tenant:write"],
  );
}

function scopesIn(list: string | undefined): { scopes?: ApiScope[] } {
  if (list === undefined) return {};
  const named = list.split(",").map((each) => each.trim());
  const unknown = named.filter((each) => !API_SCOPES.some((scope) => scope === each));
  if (unknown.length === 0) return { scopes: named as ApiScope[] };
  throw new SwitchboardError("REQ_001", `There is no scope ${unknown.join(", ")}.`, {
    action: `Choose among: ${API_SCOPES.join(", ")}.`,
  });
}

function endIn(days: string | undefined): { expiresAt?: number } {
  if (days === undefined) return {};
  const number = Number(days);
  if (Number.isInteger(number) && number > 0 && number <= 3650) return { expiresAt: Date.now() + number * DAY_MS };
  throw new SwitchboardError("REQ_001", `"${days}" is no number of days.`, { action: "Say a number from 1 to 3650." });
}

function suspendCommand(tenants: Command): void {
  examples(
    tenants
      .command("suspend <id>")
      .description("refuse its people and keys, and stop its accounts, until it is resumed")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", (gateway) => gateway.request("tenants.suspend", { id }));
          output.result(result, ({ stopped }) => `${pc.green("✓")} ${id} is suspended; accounts stopped: ${stopped}`);
        }),
      ),
    ["tenants suspend t_h3k9m2x7q4ab"],
  );
}

function resumeCommand(tenants: Command): void {
  examples(
    tenants
      .command("resume <id>")
      .description("let its people in again, and start the accounts that were stopped")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", (gateway) => gateway.request("tenants.resume", { id }));
          output.result(result, ({ started }) => `${pc.green("✓")} ${id} is active; accounts started: ${started}`);
        }),
      ),
    ["tenants resume t_h3k9m2x7q4ab"],
  );
}

function removeCommand(tenants: Command): void {
  examples(
    tenants
      .command("remove <id>")
      .description(
        "disconnect its accounts, wipe its sessions, forget its members and keys; messages go as they get old",
      )
      .option("--confirm <id>", "the tenant's id once more: without it nothing happens")
      .action(
        action(async ({ output, withGateway }, id: string, { confirm }: { confirm?: string }) => {
          if (confirm !== id) {
            throw new SwitchboardError(
              "REQ_001",
              `Removing ${id} cannot be undone: accounts, sessions, members and all keys go.`,
              {
                action: `If you are sure: switchboard tenants remove ${id} --confirm ${id}`,
              },
            );
          }
          const result = await withGateway("local", (gateway) => gateway.request("tenants.remove", { id }, 600_000));
          output.result(
            result,
            ({ accounts, sessions }) =>
              `${pc.green("✓")} ${id} is gone; accounts disconnected: ${accounts}, sessions wiped: ${sessions}`,
          );
        }),
      ),
    ["tenants remove t_h3k9m2x7q4ab --confirm t_h3k9m2x7q4ab"],
  );
}

function resetCommand(tenants: Command): void {
  examples(
    tenants
      .command("reset-password <email>")
      .description("make a link that lets a person choose a new password, once, within an hour")
      .action(
        action(async ({ output, withGateway }, email: string) => {
          const result = await withGateway("local", (gateway) => gateway.request("people.resetLink", { email }));
          output.result(result, ({ link }) => `${email} opens this link within an hour:\n${link}`);
        }),
      ),
    ["tenants reset-password ada@example.com"],
  );
}
