/** Attacks of those who never say a right `connect`. */
import { setTimeout as sleep } from "node:timers/promises";
import { METHODS, type MethodName, methodSpec } from "@switchboard/protocol";
import type { Random } from "../../long-run/random.ts";
import { type Arena, isChallenge, nonceOf } from "../arena.ts";
import { connectParams, createDevice } from "../device.ts";
import { exampleOf } from "../example.ts";
import { hostileText, hostileValue, junk, randomBytes, somewhere, spoilt } from "../hostile.ts";
import { frameBytes, type Line, OPCODES } from "../line.ts";
import { type Attack, LISTEN_MS } from "./attack.ts";

const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

/** Opens a line from somewhere, lets `harm` do its worst, and listens until the gateway has had enough. */
async function asStranger(
  arena: Arena,
  random: Random,
  who: string,
  harm: (line: Line, nonce: string) => void,
): Promise<void> {
  const line = await arena.open({ who }, { ip: somewhere(random) });
  if (!line) return;
  const challenge = await line.next(isChallenge, LISTEN_MS);
  harm(line, challenge ? nonceOf(challenge) : "");
  await Promise.race([line.closed, sleep(LISTEN_MS)]);
  line.drop();
}

export const junkBeforeConnect: Attack = {
  name: "junk before connect",
  weight: 6,
  run: (arena, random) =>
    asStranger(arena, random, "somebody who sends junk", (line) => {
      for (let n = random.whole(1, 4); n > 0; n--) line.frame(junk(random));
    }),
};

export const requestsBeforeConnect: Attack = {
  name: "requests before connect",
  weight: 6,
  run: (arena, random) =>
    asStranger(arena, random, "somebody who did not connect", (line) => {
      for (let n = random.whole(1, 20); n > 0; n--) {
        const method = random.pick(METHOD_NAMES);
        line.say({ type: "req", id: `r${n}`, method, params: exampleOf(methodSpec(method).params, random) });
      }
    }),
};

export const brokenFrames: Attack = {
  name: "broken frames",
  weight: 6,
  run: (arena, random) =>
    asStranger(arena, random, "somebody who breaks frames", (line) => {
      const hello = Buffer.from(JSON.stringify({ type: "req", id: "h", method: "health" }));
      random.pick([
        () => line.bytes(randomBytes(random, random.whole(1, 2_000))),
        // A frame that says it is huge, and its beginning.
        () => line.frame(Buffer.alloc(1_000, 0x20), { claims: random.pick([2 ** 17, 2 ** 31, 2 ** 40, 2 ** 53 - 1]) }),
        // One that never ends: part after part.
        () => {
          line.frame(Buffer.from("["), { fin: false });
          for (let n = 0; n < 200; n++)
            line.frame(Buffer.alloc(1_000, 0x5b), { fin: false, opcode: OPCODES.continuation });
        },
        () => line.frame(hello, { masked: false }),
        () => line.frame(hello, { reserved: random.whole(1, 7) }),
        () => line.frame(hello, { opcode: random.pick([OPCODES.binary, OPCODES.continuation, 3, 7, 11, 15]) }),
        () => line.frame(Buffer.alloc(200), { opcode: OPCODES.ping }),
        () => line.frame(randomBytes(random, random.whole(0, 125)), { opcode: OPCODES.close }),
        () => line.frame(Buffer.from([0xc3, 0x28, 0xff])),
        () => {
          for (let n = 0; n < 2_000; n++) line.frame(Buffer.alloc(100), { opcode: OPCODES.ping });
        },
        () => line.bytes(frameBytes(hello).subarray(0, random.whole(1, hello.length))),
      ])();
    }),
};

export const falseConnects: Attack = {
  name: "false connects",
  weight: 8,
  run: (arena, random) =>
    asStranger(arena, random, "somebody with a false connect", (line, nonce) => {
      const device = createDevice();
      const guess = random.pick([
        "",
        "x",
        arena.token.slice(1),
        `${arena.token} `,
        arena.token.toLowerCase(),
        hostileText(random),
      ]);
      const asked = random.pick([["operator.admin"], ["operator.read"], []]);
      const good = random.chance(0.5)
        ? device.params(nonce, { scopes: asked, auth: { token: guess } })
        : connectParams({ scopes: asked, auth: { token: guess } });
      line.say({ type: "req", id: "c", method: "connect", params: random.chance(0.6) ? spoilt(good, random) : good });
      if (random.chance(0.3)) line.say({ type: "req", id: "d", method: "connect", params: good });
      line.say({ type: "req", id: "s", method: "status" });
    }),
};

/** Right secrets, each in a place where it is worth nothing. */
export const misplacedTokens: Attack = {
  name: "misplaced tokens",
  weight: 6,
  run: (arena, random) =>
    asStranger(arena, random, "somebody with a token in the wrong place", (line, nonce) => {
      const { node, token, victim } = arena;
      const thief = createDevice();
      const auth = random.pick([
        { password: token },
        { deviceToken: token },
        { bootstrapToken: token },
        { token: victim.deviceToken },
        { deviceToken: victim.deviceToken },
        { bootstrapToken: victim.deviceToken },
        { password: victim.deviceToken },
        { token: node.deviceToken },
        { deviceToken: node.deviceToken },
        // The right one: the device is still nobody's.
        { token },
      ]);
      const scopes = ["operator.admin"];
      const proven = thief.params(nonce, { scopes, auth });
      line.say({ type: "req", id: "c", method: "connect", params: { ...proven, ...spareFields(random, token) } });
      line.say({ type: "req", id: "s", method: "status" });
    }),
};

function spareFields(random: Random, token: string): object {
  return random.pick([{}, { token }, { scope: ["operator.admin"] }, { locale: token }, { device_token: token }]);
}

export const stolenProofs: Attack = {
  name: "stolen proofs",
  weight: 8,
  run: (arena, random) =>
    asStranger(arena, random, "somebody with a stolen proof", (line, nonce) => {
      const { proof } = arena.victim;
      const { device } = proof as { device: object };
      const params = random.pick<() => unknown>([
        () => proof,
        () => ({ ...proof, device: { ...device, nonce } }),
        () => ({ ...proof, device: { ...device, nonce: ` ${nonce} ` } }),
        () => ({ ...proof, device: { ...device, nonce, signedAt: Date.now() } }),
        () => ({ ...proof, device: { ...createDevice().params(nonce, {}).device, id: arena.victim.device.id } }),
        () => ({ ...proof, device: { ...device, nonce, signature: randomBytes(random, 64).toString("base64url") } }),
        () => ({ ...proof, device: { ...device, nonce, signature: "A".repeat(86) } }),
        () => ({ ...proof, device: { ...device, nonce, publicKey: Buffer.alloc(32).toString("base64url") } }),
        () => spoilt(proof, random),
        () => ({ ...proof, device: undefined, role: "node" }),
        () => ({ ...proof, device: hostileValue(random) }),
      ])();
      line.say({ type: "req", id: "c", method: "connect", params });
    }),
};
