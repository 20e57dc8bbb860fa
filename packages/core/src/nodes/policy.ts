/** Which commands of a node may be called, and what it takes to approve them. Pure. */
import type { Scope } from "@switchboard/protocol";
import type { NodeSurface } from "../devices/records.ts";
import { type NodePlatform, platformOf } from "./platform.ts";
import { inCommon } from "./surface.ts";

/** From the configuration: exact names. `deny` wins. */
export interface NodeCommandSettings {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

const PHONE = [
  "calendar.events",
  "camera.list",
  "contacts.search",
  "device.info",
  "device.status",
  "location.get",
  "motion.activity",
  "motion.pedometer",
  "photos.latest",
  "reminders.list",
  "system.notify",
];
/** Only ever in effect because an operator who holds admin approved them by name. */
const DESKTOP = [
  "browser.proxy",
  "desktop.stream",
  "fs.listDir",
  "mcp.tools.call.v1",
  "screen.snapshot",
  "system.execApprovals.get",
  "system.execApprovals.set",
  "system.run",
  "system.run.prepare",
  "system.which",
  "terminal.upload",
];
const CANVAS = [
  "canvas.a2ui.push",
  "canvas.a2ui.pushJSONL",
  "canvas.a2ui.reset",
  "canvas.eval",
  "canvas.hide",
  "canvas.navigate",
  "canvas.present",
  "canvas.snapshot",
];
const MACHINE = ["device.info", "device.status", "system.notify", ...DESKTOP];

/** What is usual where. Commands that record, spend or write for a person are in none: they have to be allowed. */
const USUAL: Readonly<Record<NodePlatform, readonly string[]>> = {
  ios: PHONE,
  android: [
    ...PHONE,
    "callLog.search",
    "device.apps",
    "device.health",
    "device.permissions",
    "mobile.ui.act",
    "mobile.ui.observe",
    "notifications.actions",
    "notifications.list",
  ],
  macos: [...PHONE, "camera.ptz.status", "computer.act", "device.apps", ...CANVAS, ...DESKTOP],
  windows: MACHINE,
  linux: MACHINE,
  watchos: ["device.info", "device.status", "system.notify"],
  unknown: ["camera.list", "location.get", "system.notify"],
};

/** For nodes that declared the capability `talk` and had it approved. */
const TALK = /^talk\.ptt\.[a-z]+$/;

/** Reaching into the machine itself: only who may do everything may let a node do this. */
const FOR_ADMIN = /^(system\.(run|which|execApprovals)(\.|$)|browser\.proxy|(fs\.listDir|terminal\.upload)$)/;

/** What an approver must hold besides `operator.pairing`. */
export function approvalScopes(commands: readonly string[]): Scope[] {
  if (commands.length === 0) return [];
  return commands.some((command) => FOR_ADMIN.test(command)) ? ["operator.admin"] : ["operator.write"];
}

export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: "command not declared by node" | "command not approved" | "command not allowlisted";
    };

/** Everything that decides about one node's commands at this moment. */
export interface CommandFacts {
  readonly declared: NodeSurface;
  readonly approved: NodeSurface | undefined;
  /** As pinned when the device was approved, never as told at the present connection. */
  readonly pinned: { readonly platform?: string | undefined; readonly deviceFamily?: string | undefined };
  readonly settings: NodeCommandSettings;
}

export function judge(command: string, facts: CommandFacts): Verdict {
  const { approved, declared } = facts;
  if (!declared.commands.includes(command)) return { ok: false, reason: "command not declared by node" };
  if (!approved?.commands.includes(command)) return { ok: false, reason: "command not approved" };
  return isAllowed(command, facts) ? { ok: true } : { ok: false, reason: "command not allowlisted" };
}

/** Declared, approved and allowed. */
export function effectiveCommands(facts: CommandFacts): string[] {
  return facts.declared.commands.filter((command) => judge(command, facts).ok);
}

function isAllowed(command: string, { approved, declared, pinned, settings }: CommandFacts): boolean {
  if (settings.deny.includes(command)) return false;
  if (settings.allow.includes(command) || USUAL[platformOf(pinned)].includes(command)) return true;
  return TALK.test(command) && inCommon(declared, approved).caps.includes("talk");
}
