/** What open pages are told, over real connections. */
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { listen } from "./test-support/listen.ts";
import { stand } from "./test-support/stand.ts";

describe("the sandbox's events", () => {
  it("CH-10 say everything first and then what changes, to every page", async () => {
    await using open = await stand();
    await using one = await listen(open.sandbox.url);
    await using other = await listen(open.sandbox.url);
    const begin = { gateway: { state: "starting", starts: 0 }, platforms: [], messages: [] };
    for (const ear of [one, other]) expect(await ear.next()).toEqual({ event: "state", data: begin });
    open.owner.become("running", "http://127.0.0.1:1");
    open.owner.become("down");
    for (const ear of [one, other]) {
      expect((await ear.next("gateway")).data).toMatchObject({ state: "running", starts: 1 });
      expect((await ear.next("gateway")).data).toMatchObject({ state: "down", starts: 1 });
    }
    await using late = await listen(open.sandbox.url);
    expect((await late.next()).data).toMatchObject({ gateway: { state: "down", starts: 1 } });
  });

  it("CH-10 are plain server-sent events that nobody keeps and that say when to come back", async () => {
    await using open = await stand();
    const response = await fetch(`${open.sandbox.url}/api/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^retry: \d+\n\nevent: state\ndata: \{.*\}\n\n$/);
    await reader?.cancel();
  });

  it("CH-10 go on for the others when a page leaves or never reads, and end when the sandbox closes", async () => {
    await using open = await stand();
    const { hostname, host, port } = new URL(open.sandbox.url);
    const deaf = connect(Number(port), hostname);
    deaf.write(`GET /api/events HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
    await new Promise((resolve) => deaf.once("readable", resolve));
    const left = await listen(open.sandbox.url);
    await left.next("state");
    await left[Symbol.asyncDispose]();
    await using stays = await listen(open.sandbox.url);
    await stays.next("state");
    // Far more than the connection of who does not read can hold; they are let go instead of filling the memory.
    const gone = new Promise((resolve) => deaf.once("close", resolve));
    const url = `http://127.0.0.1:1/${"x".repeat(256 * 1024)}`;
    for (let times = 0; times < 64; times += 1) {
      open.owner.become(times % 2 === 0 ? "running" : "down", url);
      await stays.next("gateway");
    }
    deaf.resume();
    await gone;
    open.owner.become("starting", "http://127.0.0.1:1");
    expect((await stays.next("gateway")).data).toMatchObject({ state: "starting", starts: 32 });
    await open.sandbox.close();
    await expect(stays.next()).rejects.toThrow();
  });
});
