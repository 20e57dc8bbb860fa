/** `switchboard devices …`: phones, desktops and nodes, and those that wait to be let in. */
import { SwitchboardError } from "@switchboard/domain";
import type { PairedDevice, PendingDevice } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { ago, table } from "../output.ts";

/** Ids are long; their beginning is enough when it fits only one. */
const SHOWN_ID = 12;

export function registerDevices(program: Command): void {
  const devices = program.command("devices").description("devices that may connect, and those that wait for approval");
  examples(devices, ["devices list", "devices approve --latest", "devices revoke 34750f98 --role operator"]);
  listCommand(devices);
  approveCommand(devices);
  rejectCommand(devices);
  removeCommand(devices);
  renameCommand(devices);
  rotateCommand(devices);
  revokeCommand(devices);
}

function listCommand(devices: Command): void {
  examples(
    devices
      .command("list")
      .description("devices that wait for approval, and those that are paired")
      .action(
        action(async ({ output, withGateway }) => {
          const result = await withGateway("local", (gateway) => gateway.request("device.pair.list", {}));
          output.result(result, ({ paired, pending }) => `${pendingTable(pending)}\n\n${pairedTable(paired)}`);
        }),
      ),
    ["devices list", "devices list --json"],
  );
}

function approveCommand(devices: Command): void {
  examples(
    devices
      .command("approve [request]")
      .description("let a device in that asked; without an id it shows what the newest asks for")
      .option("--latest", "the one that asked last")
      .action(
        action(async ({ output, withGateway }, id: string | undefined, { latest }: { latest?: boolean }) => {
          const result = await withGateway("local", async (gateway) => {
            const request = await pendingOne(gateway, id);
            if (id === undefined && !latest) return { preview: request };
            return gateway.request("device.pair.approve", { requestId: request.requestId });
          });
          output.result(result, (done) =>
            "preview" in done
              ? `${describe(done.preview)}\n\nApprove it: switchboard devices approve ${done.preview.requestId}`
              : `${pc.green("✓")} ${nameOf(done.device)} may connect as ${(done.device.roles ?? []).join(" and ")} with ${scopesOf(done.device.scopes)}`,
          );
        }),
      ),
    ["devices approve", "devices approve --latest", "devices approve 6f1c2a9e"],
  );
}

function rejectCommand(devices: Command): void {
  examples(
    devices
      .command("reject <request>")
      .description("refuse a device that asked; the setup code that it came with is spent")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { requestId } = await pendingOne(gateway, id);
            return gateway.request("device.pair.reject", { requestId });
          });
          output.result(result, ({ deviceId }) => `${pc.green("✓")} ${deviceId.slice(0, SHOWN_ID)} was refused`);
        }),
      ),
    ["devices reject 6f1c2a9e"],
  );
}

function removeCommand(devices: Command): void {
  examples(
    devices
      .command("remove <device>")
      .description("forget a device and close what it has open")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { deviceId } = await pairedOne(gateway, id);
            return gateway.request("device.pair.remove", { deviceId });
          });
          output.result(result, ({ deviceId }) => `${pc.green("✓")} ${deviceId.slice(0, SHOWN_ID)} is forgotten`);
        }),
      ),
    ["devices remove 34750f98bd59"],
  );
}

function renameCommand(devices: Command): void {
  examples(
    devices
      .command("rename <device> <name>")
      .description("give a device a name of yours")
      .action(
        action(async ({ output, withGateway }, id: string, label: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { deviceId } = await pairedOne(gateway, id);
            return gateway.request("device.pair.rename", { deviceId, label });
          });
          output.result(
            result,
            (done) => `${pc.green("✓")} ${done.deviceId.slice(0, SHOWN_ID)} is called ${done.label}`,
          );
        }),
      ),
    ['devices rename 34750f98bd59 "Kitchen tablet"'],
  );
}

function rotateCommand(devices: Command): void {
  examples(
    devices
      .command("rotate <device>")
      .description("make a device's tokens void; it has to show the gateway's secret or a setup code for a new one")
      .option("--role <role>", "operator or node", "operator")
      .option("--scope <scope...>", "let its new tokens carry only these of its approved scopes")
      .option("--no-scopes", "let its new tokens carry no scope")
      .action(
        action(async ({ output, withGateway }, id: string, options: RotateOptions) => {
          const scopes = options.scopes === false ? [] : options.scope;
          const result = await withGateway("local", async (gateway) => {
            const { deviceId } = await pairedOne(gateway, id);
            const what = { deviceId, role: options.role, ...(scopes && { scopes: [...scopes] }) };
            return gateway.request("device.token.rotate", what);
          });
          output.result(
            result,
            (done) => `${pc.green("✓")} the ${done.role} tokens of ${done.deviceId.slice(0, SHOWN_ID)} are void`,
          );
        }),
      ),
    ["devices rotate 34750f98bd59", "devices rotate 34750f98bd59 --scope operator.read"],
  );
}

interface RotateOptions {
  readonly role: string;
  readonly scope?: readonly string[];
  readonly scopes?: boolean;
}

function revokeCommand(devices: Command): void {
  examples(
    devices
      .command("revoke <device>")
      .description("take a role from a device; it has to be approved again")
      .option("--role <role>", "operator or node", "operator")
      .action(
        action(async ({ output, withGateway }, id: string, { role }: { role: string }) => {
          const result = await withGateway("local", async (gateway) => {
            const { deviceId } = await pairedOne(gateway, id);
            return gateway.request("device.token.revoke", { deviceId, role });
          });
          output.result(
            result,
            (done) => `${pc.green("✓")} ${done.deviceId.slice(0, SHOWN_ID)} is no ${done.role} any more`,
          );
        }),
      ),
    ["devices revoke 34750f98bd59", "devices revoke 34750f98bd59 --role node"],
  );
}

/** The request whose id begins so; without an id the newest. @throws REQ_002, REQ_001 when several fit. */
async function pendingOne(gateway: GatewayAccess, id: string | undefined): Promise<PendingDevice> {
  const { pending } = await gateway.request("device.pair.list", {});
  const found = id === undefined ? pending.slice(-1) : pending.filter(({ requestId }) => requestId.startsWith(id));
  return theOne(found, id, "No device waits for approval.", "request");
}

async function pairedOne(gateway: GatewayAccess, id: string): Promise<PairedDevice> {
  const { paired } = await gateway.request("device.pair.list", {});
  return theOne(
    paired.filter(({ deviceId }) => deviceId.startsWith(id)),
    id,
    "No device is paired.",
    "device",
  );
}

function theOne<T>(found: readonly T[], id: string | undefined, none: string, what: string): T {
  const [only, ...others] = found;
  if (only === undefined) {
    throw new SwitchboardError("REQ_002", id === undefined ? none : `There is no ${what} ${id}.`, {
      action: "List them: switchboard devices list.",
    });
  }
  if (others.length > 0)
    throw new SwitchboardError("REQ_001", `${found.length} begin with ${id}; write more of the id.`);
  return only;
}

function pendingTable(pending: readonly PendingDevice[]): string {
  return table(
    ["WAITS", "DEVICE", "ASKS FOR", "FROM", "AGE"],
    pending.map((each) => [
      each.requestId,
      `${nameOf(each)}${each.isRepair ? pc.yellow(" (paired before)") : ""}`,
      `${(each.roles ?? []).join(", ")}: ${scopesOf(each.scopes)}`,
      each.remoteIp ?? "this machine",
      ago(each.ts),
    ]),
    "No device waits for approval.",
  );
}

function pairedTable(paired: readonly PairedDevice[]): string {
  return table(
    ["DEVICE", "NAME", "MAY", "APPROVED", "SEEN"],
    paired.map((each) => [
      each.deviceId.slice(0, SHOWN_ID),
      nameOf(each),
      `${(each.roles ?? []).join(", ") || pc.red("nothing")}: ${scopesOf(each.scopes)}`,
      `${each.approvedVia ?? ""} ${ago(each.approvedAtMs)}`,
      each.connected ? pc.green("connected") : ago(each.lastSeenAtMs),
    ]),
    "No device is paired.",
  );
}

function describe(request: PendingDevice): string {
  return [
    `${pc.bold(nameOf(request))} (${request.deviceId.slice(0, SHOWN_ID)}) asks from ${request.remoteIp ?? "this machine"}`,
    `  roles: ${(request.roles ?? []).join(", ")}`,
    `  scopes: ${scopesOf(request.scopes)}`,
  ].join("\n");
}

function nameOf(device: PendingDevice | PairedDevice): string {
  const own = "operatorLabel" in device ? device.operatorLabel : undefined;
  return own ?? device.displayName ?? [device.clientId, device.platform].filter(Boolean).join(" on ");
}

function scopesOf(scopes: readonly string[] | undefined): string {
  const short = (scopes ?? []).map((scope) => scope.replace(/^operator\./, ""));
  return short.length > 0 ? short.join(", ") : "no scopes";
}
