/** CONN-4: sockets that come and go, and the Events API beside them. */
import { textContent } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { scene, targetOf } from "./scene.test.helper.ts";

describe("CONN-4 Socket Mode", () => {
  it("holds as many connections as the account says", async () => {
    await using it = await scene({ config: { connections: 3 } });
    await it.until(() => it.simulator.sockets() === 3, "three connections");
  });

  it("a new connection stands before the old one is let go, and nothing is lost", async () => {
    await using it = await scene({ config: { connections: 1 } });
    const counts: number[] = [];
    it.simulator.disconnect("refresh_requested");
    await it.until(() => counts.push(it.simulator.sockets()) > 0 && counts.at(-1) === 2, "both stand");
    expect(Math.min(...counts)).toBeGreaterThan(0);
    for (const text of ["one", "two", "three"]) await it.simulator.say({ from: "Ann", text });
    await it.event("message", ({ content }) => content.text === "three");
    await it.until(() => it.simulator.sockets() === 1, "the old one is gone");
    await it.simulator.say({ from: "Ann", text: "four" });
    await it.event("message", ({ content }) => content.text === "four");
    const texts = it.events().flatMap((event) => (event.kind === "message" ? [event.content.text] : []));
    expect([...new Set(texts)]).toEqual(["one", "two", "three", "four"]);
  });

  it("a connection that is said to go twice, as Slack does, is replaced once", async () => {
    await using it = await scene({ config: { connections: 1 } });
    it.simulator.disconnect("warning");
    it.simulator.disconnect("refresh_requested");
    await it.until(() => it.simulator.sockets() > 1, "a new one");
    await it.until(() => it.simulator.sockets() === 1, "one again");
  });

  it("a connection that goes before its follower stands is not replaced twice", async () => {
    let opened = 0;
    const onCall = (method: string) => {
      if (method === "apps.connections.open") opened += 1;
    };
    await using it = await scene({ config: { connections: 2 }, simulated: { onCall } });
    await it.until(() => it.simulator.sockets() === 2, "two connections");
    it.simulator.disconnect("refresh_requested");
    it.simulator.inject({ on: "receive", kind: "cut-before", times: 1 });
    await it.simulator.say({ from: "Ann", text: "cuts the oldest" });
    await it.event("message", ({ content }) => content.text === "cuts the oldest");
    await it.until(() => it.simulator.sockets() === 2, "two again");
    await it.simulator.say({ from: "Ann", text: "over one of the two" });
    await it.event("message", ({ content }) => content.text === "over one of the two");
    expect(opened).toBe(3);
  });

  it("oc#54682 connections that went dead without a word are found out and replaced", async () => {
    await using it = await scene({ config: { pingMs: 50, connections: 2 } });
    await it.until(() => it.simulator.sockets() === 2, "two connections");
    it.simulator.freezeSockets();
    await it.simulator.say({ from: "Ann", text: "is anybody there?" });
    await it.event("message", ({ content }) => content.text === "is anybody there?");
    await it.until(() => it.simulator.sockets() === 2, "two new ones");
  });

  it("oc#90921 oc#56086 a connection that breaks is replaced, and nothing else is touched", async () => {
    await using it = await scene({ config: { connections: 2 } });
    await it.until(() => it.simulator.sockets() === 2, "two connections");
    let lost = false;
    void it.account.lost.then(() => {
      lost = true;
    });
    it.simulator.inject({ on: "receive", kind: "cut-before", times: 1 });
    await it.simulator.say({ from: "Ann", text: "over the other one" });
    await it.event("message", ({ content }) => content.text === "over the other one");
    await it.until(() => it.simulator.sockets() === 2, "two again");
    expect([lost, it.connection.isConnected()]).toEqual([false, true]);
  });

  it("Q-1 an envelope is acknowledged only when it is stored", async () => {
    await using it = await scene();
    const { release } = it.account.holdReceive();
    await it.simulator.say({ from: "Ann", text: "not yet" });
    await it.until(() => it.account.calls() > 0, "receive was called");
    expect(it.simulator.unacknowledged()).toBe(1);
    release();
    await it.until(() => it.simulator.unacknowledged() === 0, "acknowledged");
    expect(it.received().length).toBeGreaterThan(0);
  });

  it("Q-4 chat#666 an envelope that comes again is the same event", async () => {
    await using it = await scene();
    const { release } = it.account.holdReceive();
    await it.simulator.say({ from: "Ann", text: "slowly" });
    await it.until(() => it.account.calls() > 0, "receive was called");
    await it.until(() => it.simulator.repeats() > 0, "Slack loses patience and sends it again");
    release();
    await it.until(() => it.received().length > 1, "the repeat");
    expect(new Set(it.received().map(({ key }) => key)).size).toBe(1);
  });

  it("Socket Mode that is switched off is told as that", async () => {
    await using it = await scene();
    it.simulator.disconnect("link_disabled");
    expect(await it.account.lost).toMatchObject({
      code: "CONN_001",
      retryable: true,
      message: expect.stringContaining("switched off"),
    });
  });

  it("answers are sent while sockets come and go", async () => {
    await using it = await scene({ config: { connections: 2 } });
    await it.simulator.say({ from: "Ann", text: "hello" });
    const target = targetOf(await it.event("message"));
    it.simulator.disconnect("warning");
    await it.send(target, textContent("all the same"));
    expect(it.simulator.sent().map(({ text }) => text)).toEqual(["all the same"]);
  });
});
