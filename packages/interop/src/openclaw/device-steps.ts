/** Devices: deciding about one that asks, and taking away what it was given. */
import { type AskingDevice, askingDevice } from "./pending-device.ts";
import { demand, type Notes, type Step } from "./step.ts";
import type { OpenClawWorld } from "./world.ts";

const devices = new WeakMap<Notes, AskingDevice>();

function theDevice(world: OpenClawWorld, notes: Notes): AskingDevice {
  const device = devices.get(notes) ?? askingDevice(world);
  devices.set(notes, device);
  return device;
}

const remote = ({ token, url }: OpenClawWorld) => ["--url", url, "--token", token];

export const deviceSteps: readonly Step[] = [
  {
    id: "devices-list",
    command: "openclaw devices list",
    claim: "works",
    remark: "Who waits and who is paired.",
    async run(world, notes) {
      const request = await theDevice(world, notes).ask();
      if (request === undefined) throw new Error("the device was let in without approval");
      return demand(world, ["devices", "list", "--json", ...remote(world)], new RegExp(request));
    },
  },
  {
    id: "devices-reject",
    command: "openclaw devices reject <id>",
    claim: "works",
    remark: "The request is gone; the device may ask again.",
    async run(world, notes) {
      const request = (await theDevice(world, notes).ask()) ?? "";
      const output = await demand(world, ["devices", "reject", request, ...remote(world)], /./);
      if ((await theDevice(world, notes).ask()) === request) throw new Error("the request is still there");
      return output;
    },
  },
  {
    id: "devices-approve",
    command: "openclaw devices approve <id>",
    claim: "works",
    remark: "The device is let in.",
    async run(world, notes) {
      const device = theDevice(world, notes);
      const output = await demand(world, ["devices", "approve", (await device.ask()) ?? "", ...remote(world)], /./);
      if ((await device.ask()) !== undefined) throw new Error("the device still has to be approved");
      return output;
    },
  },
  {
    id: "devices-rotate",
    command: "openclaw devices rotate --device … --role operator",
    claim: "works",
    remark: "The device's tokens are void; the new one is given to nobody but the device itself.",
    run: (world, notes) =>
      demand(
        world,
        ["devices", "rotate", "--device", theDevice(world, notes).id, "--role", "operator", ...remote(world)],
        /./,
      ),
  },
  {
    id: "devices-revoke",
    command: "openclaw devices revoke --device … --role operator",
    claim: "works",
    remark: "The device has to be approved anew.",
    async run(world, notes) {
      const device = theDevice(world, notes);
      const args = ["devices", "revoke", "--device", device.id, "--role", "operator", ...remote(world)];
      const output = await demand(world, args, /./);
      if ((await device.ask()) === undefined) throw new Error("the device is still let in");
      return output;
    },
  },
  {
    id: "devices-remove",
    command: "openclaw devices remove <id>",
    claim: "works",
    remark: "The device is forgotten.",
    run: (world, notes) => demand(world, ["devices", "remove", theDevice(world, notes).id, ...remote(world)], /./),
  },
];
