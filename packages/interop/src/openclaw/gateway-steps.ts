/** The gateway itself, its channels, and talking to people and agents. */
import { demand, type Step } from "./step.ts";

const call = (method: string, fits: RegExp): Step => ({
  id: `call-${method}`,
  command: `openclaw gateway call ${method}`,
  claim: "works",
  remark: "The gateway's answer as JSON.",
  run: (world) => demand(world, ["gateway", "call", method, "--json"], fits),
});

export const gatewaySteps: readonly Step[] = [
  {
    id: "health",
    command: "openclaw health --json",
    claim: "works",
    remark:
      "Says how the gateway and its channels are. Without `--json` the channels are named, their state shows as unknown.",
    run: (world) => demand(world, ["health", "--json"], /"channels"/),
  },
  call("health", /"channels"/),
  call("status", /"runtimeVersion"/),
  call("system-presence", /"mode"/),
  call("device.pair.list", /"paired"/),
  {
    id: "gateway-status",
    command: "openclaw gateway status",
    claim: "works",
    remark: "Finds the gateway and can talk to it.",
    run: (world) => demand(world, ["gateway", "status"], /127\.0\.0\.1/),
  },
  {
    id: "status",
    command: "openclaw status",
    claim: "partly",
    remark:
      "Reaches the gateway. Its tables of channels and sessions are made from the command's own files and stay empty.",
    run: (world) => demand(world, ["status"], /[Gg]ateway/),
  },
  {
    id: "presence",
    command: "openclaw system presence",
    claim: "works",
    remark: "Who is connected.",
    run: (world) => demand(world, ["system", "presence", "--json"], /"mode"/),
  },
  {
    id: "channels-status",
    command: "openclaw channels status",
    claim: "works",
    remark: "Every account with its state.",
    run: (world) => demand(world, ["channels", "status", "--json"], new RegExp(`"${world.channel}"`)),
  },
  {
    id: "agent",
    command: "openclaw agent --agent main --message …",
    claim: "works",
    remark: "Runs a turn and prints the answer, by the two answers of `agent`.",
    run: (world) =>
      demand(world, ["agent", "--agent", "main", "--message", "interop says hello", "--json"], /interop says hello/),
  },
  {
    id: "message-send",
    command: "openclaw message send --channel … --target … --message …",
    claim: "works",
    remark: "The message arrives on the platform.",
    async run(world) {
      const { conversation } = await world.simulator.say({ from: "Ada", text: "hello" });
      const target = ["--channel", world.channel, "--target", conversation];
      const output = await demand(
        world,
        ["message", "send", ...target, "--message", "sent by their command", "--json"],
        /./,
      );
      await world.simulator.waitFor(({ text }) => text === "sent by their command", { conversation });
      return output;
    },
  },
  {
    id: "logs",
    command: "openclaw logs",
    claim: "works",
    remark: "The tail of the gateway's log.",
    run: (world) => demand(world, ["logs", "--limit", "5", "--json"], /^/),
  },
  {
    id: "cron-list",
    command: "openclaw cron list",
    claim: "works",
    remark: "There are no jobs here: an empty list.",
    run: (world) => demand(world, ["cron", "list", "--json"], /"jobs"/),
  },
  {
    id: "sessions",
    command: "openclaw sessions",
    claim: "no",
    remark:
      "Reads the command's own files, not the gateway. Use `switchboard sessions list`, or `openclaw gateway call sessions.list`.",
    run: (world) => demand(world, ["sessions", "--json"], /interop says hello/),
  },
  call("sessions.list", /"sessions"/),
  {
    id: "channels-list",
    command: "openclaw channels list",
    claim: "no",
    remark: "Reads the command's own configuration. Use `openclaw channels status`.",
    run: (world) => demand(world, ["channels", "list", "--json"], /"running"/),
  },
  {
    id: "pairing-list",
    command: "openclaw pairing list",
    claim: "no",
    remark:
      "Reads the command's own database. Use `switchboard pairing list`, or `openclaw gateway call channels.pairing.list`.",
    run: (world) => demand(world, ["pairing", "list", world.channel, "--json"], /Ada/),
  },
  {
    id: "pairing-approve",
    command: "openclaw pairing approve",
    claim: "no",
    remark: "Writes into the command's own database. Use `switchboard pairing approve`.",
    async run(world) {
      const { conversation } = await world.simulator.say({ from: "Bob", text: "may I?" });
      const code = /\b[A-HJ-NP-Z2-9]{8}\b/;
      const told = await world.simulator.waitFor(({ text }) => code.test(text), { conversation });
      return demand(world, ["pairing", "approve", world.channel, code.exec(told.text)?.[0] ?? ""], /[Aa]pproved/);
    },
  },
];
