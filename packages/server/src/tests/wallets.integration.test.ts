/** Sign-in with Ethereum, with real keys; and what somebody signs who is not let in. */

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checksummed, signerOf } from "../identity/wallet.ts";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { newTenant, PASSWORD } from "../test-support/people.ts";
import { Visitor } from "../test-support/visitor.ts";
import { Wallet } from "../test-support/wallet.ts";

describe("TEN-1 sign-in with Ethereum", () => {
  let gateway: TestGateway;
  let ada: Visitor;
  const wallet = new Wallet();
  const EMAIL = "ada@wallets.example";
  const visitor = () => new Visitor(() => gateway.url);
  const code = ({ body, status }: { body: Record<string, unknown>; status: number }) => [
    status,
    (body.error as { code?: string } | undefined)?.code,
  ];
  const refused = [401, "REQ_005"];

  async function messageFor(who: Visitor, { address }: Wallet, more: object = {}): Promise<string> {
    const { body } = await who.post("/auth/wallet/message", { address, chain: 1, ...more });
    return String(body.message);
  }

  /** `change`: what the wallet signs instead. */
  async function signIn(who: Visitor, change: (message: string) => string = (message) => message, signs = wallet) {
    return who.post("/auth/wallet/sign-in", { signature: signs.sign(change(await messageFor(who, wallet))) });
  }

  beforeAll(async () => {
    const config = { identity: { enabled: true, ethereum: { enabled: true, chains: [1, 10] } } };
    gateway = await startTestGateway({ agent: "echo", account: false, config });
    ({ owner: ada } = await newTenant(gateway, "Wallets", EMAIL));
    const signature = wallet.sign(await messageFor(ada, wallet, { add: true }));
    expect((await ada.post("/auth/wallet/add", { signature })).status).toBe(200);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  it("a wallet that was added signs in; the message is what EIP-4361 asks for", async () => {
    const back = visitor();
    back.cookie = "switchboard.session_token=planted.c2lnbmVk";
    const message = await messageFor(back, wallet);
    expect(message.split("\n")).toEqual([
      `${new URL(gateway.url).host} wants you to sign in with your Ethereum account:`,
      wallet.address,
      "",
      "Sign in to Switchboard.",
      "",
      `URI: ${gateway.url}/sign-in`,
      "Version: 1",
      "Chain ID: 1",
      expect.stringMatching(/^Nonce: [a-z0-9]{24}$/),
      expect.stringMatching(/^Issued At: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
      expect.stringMatching(/^Expiration Time: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
    ]);
    expect((await back.post("/auth/wallet/sign-in", { signature: wallet.sign(message) })).status).toBe(200);
    expect(back.cookie).not.toContain("planted");
    expect((await back.get("/auth/session")).body).toMatchObject({
      person: { email: EMAIL },
      ways: { ethereum: [1, 10] },
    });
    const subject = wallet.address.toLowerCase();
    expect((await back.get("/auth/credentials")).body).toMatchObject({ linked: [{ name: "Ethereum", subject }] });
  });

  it.each<[string, (message: string) => string]>([
    ["another domain", (message) => message.replace(/^\S+/, "evil.example")],
    ["another address to return to", (message) => message.replace(/URI: \S+/, "URI: https://evil.example/sign-in")],
    ["another chain", (message) => message.replace("Chain ID: 1", "Chain ID: 5")],
    ["another nonce", (message) => message.replace(/Nonce: \w+/, "Nonce: abcdefghijklmnop")],
    ["a longer time", (message) => message.replace(/Expiration Time: \d{4}/, "Expiration Time: 2999")],
    ["another purpose", (message) => message.replace("Sign in to Switchboard.", "Vote for me.")],
    ["another account in the text", (message) => message.replace(/0x\w+/, new Wallet().address)],
  ])("what was signed for %s is refused", async (_what, change) => {
    expect(code(await signIn(visitor(), change))).toEqual(refused);
  });

  it("another wallet's signature, no signature, and a mirrored one are refused", async () => {
    expect(code(await signIn(visitor(), undefined, new Wallet()))).toEqual(refused);
    const none = visitor();
    await messageFor(none, wallet);
    expect(code(await none.post("/auth/wallet/sign-in", { signature: `0x${"00".repeat(65)}` }))).toEqual(refused);
    const who = visitor();
    const signature = Buffer.from(wallet.sign(await messageFor(who, wallet)).slice(2), "hex");
    const s = BigInt(`0x${signature.subarray(32, 64).toString("hex")}`);
    const mirrored = (secp256k1.Point.CURVE().n - s).toString(16).padStart(64, "0");
    signature.set(Buffer.from(mirrored, "hex"), 32);
    signature[64] = 55 - (signature[64] ?? 0);
    const answer = await who.post("/auth/wallet/sign-in", { signature: `0x${signature.toString("hex")}` });
    expect(code(answer)).toEqual(refused);
  });

  it("a signature counts once, in the browser that asked, in time, and for signing in", async () => {
    const asks = visitor();
    const signature = wallet.sign(await messageFor(asks, wallet));
    const { cookie } = asks;
    expect(code(await visitor().post("/auth/wallet/sign-in", { signature }))).toEqual(refused);
    expect((await asks.post("/auth/wallet/sign-in", { signature })).status).toBe(200);
    asks.cookie = cookie;
    expect(code(await asks.post("/auth/wallet/sign-in", { signature }))).toEqual(refused);

    const late = wallet.sign(await messageFor(asks, wallet));
    using file = new DatabaseSync(join(gateway.directory, "identity.db"));
    file.exec("UPDATE challenges SET until = 1");
    expect(code(await asks.post("/auth/wallet/sign-in", { signature: late }))).toEqual(refused);

    const added = wallet.sign(await messageFor(ada, wallet, { add: true }));
    expect(code(await ada.post("/auth/wallet/sign-in", { signature: added }))).toEqual(refused);
    const signed = wallet.sign(await messageFor(ada, wallet));
    expect(code(await ada.post("/auth/wallet/add", { signature: signed }))).toEqual(refused);
  });

  it("an unknown wallet makes no account, a wallet belongs to one person, and a chain must be one of ours", async () => {
    const stranger = new Wallet();
    const who = visitor();
    const signature = stranger.sign(await messageFor(who, stranger));
    const said = await who.post("/auth/wallet/sign-in", { signature });
    expect([...code(said), JSON.stringify(said.body)]).toEqual([...refused, expect.stringContaining("add the wallet")]);

    const { owner: other } = await newTenant(gateway, "Others", "other@wallets.example");
    const again = wallet.sign(await messageFor(other, wallet, { add: true }));
    expect(code(await other.post("/auth/wallet/add", { signature: again }))).toEqual([409, "REQ_004"]);
    const asked = { address: wallet.address, chain: 5 };
    expect(code(await who.post("/auth/wallet/message", asked))).toEqual([400, "REQ_001"]);
    expect(code(await who.post("/auth/wallet/message", { ...asked, chain: 1, add: true }))).toEqual(refused);
    expect((await who.post("/auth/sign-in", { email: EMAIL, password: PASSWORD })).status).toBe(200);
  });

  it("is not there unless it is configured", async () => {
    await gateway.restart({ identity: { ethereum: { enabled: false } } });
    const who = visitor();
    expect((await who.get("/auth/session")).body).toMatchObject({ ways: { ethereum: [] } });
    const asked = { address: wallet.address, chain: 1 };
    expect(code(await who.post("/auth/wallet/message", asked))).toEqual([404, "REQ_002"]);
  });
});

describe("addresses and signatures as others write them", () => {
  it.each([
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  ])("EIP-55 %s", (address) => {
    expect(checksummed(address.toLowerCase())).toBe(address);
  });

  it("EIP-191: a signature that another program made", () => {
    // From the documentation of web3.eth.accounts.sign.
    const signature =
      "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c";
    expect(signerOf("Some data", signature)).toBe("0x2c7536e3605d9c16a7a3d7b1898e529396a65c23");
  });
});
