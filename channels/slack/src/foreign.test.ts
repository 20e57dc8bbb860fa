/** What happens in a workspace that let the app in but has no account here; it arrives all the same. */
import { completed, type JsonObject } from "@switchboard/domain";
import { expect, it } from "vitest";
import { startSimulator } from "../simulator/index.ts";
import { SlackApi } from "./api.ts";
import { configSpec } from "./config.ts";
import channel from "./index.ts";
import { install } from "./install.ts";
import { letIn } from "./let-in.test.helper.ts";
import { scene } from "./scene.test.helper.ts";

const redirectUrl = "http://127.0.0.1:9/install/slack";

it("CH-2 presses, forms and commands of another workspace are nobody's here, and no form opens", async () => {
  const simulator = await startSimulator({ acknowledgeMs: 100 });
  const written = { ...simulator.accountConfig({ transport: "websocket" }), ...simulator.clientConfig() };
  const config = completed(configSpec.schema, written, "config");
  const asked = install.authorizeUrl({ config, redirectUrl, state: "s" });
  const code = (await letIn(asked, "Acme")).searchParams.get("code") ?? "";
  const signal = AbortSignal.timeout(20_000);
  const installed = await install.complete({ config, redirectUrl, code, signal });
  const theirs = new SlackApi({ ...config, ...installed.config });
  const acme = simulator.account("Acme");
  {
    await using it = await scene({ simulator });
    const { conversation } = await acme.say({ from: "Ann", text: "hello" });
    const button = { type: "button", action_id: "button:0", value: "v", text: { type: "plain_text", text: "Yes" } };
    const blocks = [{ type: "actions", elements: [button] }];
    const { ts } = await theirs.call("chat.postMessage", { channel: conversation, text: "Choose", blocks });
    await acme.press({ from: "Ann", conversation, messageId: String(ts) as never, label: "Yes" });
    await acme.command({ from: "Ann", line: "/switchboard status" });
    await acme.command({ from: "Ann", line: "/switchboard" });
    await simulator.command({ from: "Ben", line: "/switchboard" });
    await it.until(() => simulator.openForms("Ben").length > 0, "a form at home");
    await it.until(() => it.received().length >= 5, "all events");
    const foreign = it.events().filter(({ raw }) => JSON.stringify(raw).includes(`"${installed.self.space}"`));
    expect(foreign.map((event) => [event.kind, "what" in event && event.what])).toEqual([
      ["unsupported", "message of another workspace"],
      ["unsupported", "block_actions of another workspace"],
      ["unsupported", "command of another workspace"],
      ["unsupported", "command of another workspace"],
    ]);
    expect(acme.openForms("Ann")).toEqual([]);
    // Nobody was asked by the wrong token who those are.
    expect(JSON.stringify(foreign)).not.toContain("switchboard_note");
    // As their own account's they are what they are.
    const reader = it.account.reader(installed.self);
    const kinds = it.received().flatMap(({ payload }) =>
      channel
        .unbundle(payload as JsonObject, reader)
        .flatMap((raw) => channel.normalise(raw, reader))
        .map(({ kind }) => kind),
    );
    expect(kinds.sort()).toEqual(["command", "control", "message", "unsupported", "unsupported"]);
  }
  await simulator.close();
});
