/** Attacks on pairing: approvers who give more than they hold, and setup codes that many present. */
import { decodeSetupCode, holds, isScope, SCOPES, type Scope } from "@switchboard/protocol";
import type { Random } from "../../long-run/random.ts";
import { type Arena, type Insider, isChallenge, nonceOf, PATIENCE_MS } from "../arena.ts";
import { question } from "../ask.ts";
import { createDevice, type FuzzDevice } from "../device.ts";
import { somewhere } from "../hostile.ts";
import type { Heard } from "../line.ts";
import type { Attack } from "./attack.ts";

type How = Parameters<FuzzDevice["params"]>[1];

/** A device's `connect` from elsewhere; returns the answer. `scopes`: what it may be let in with, if at all. */
async function connect(
  arena: Arena,
  random: Random,
  device: FuzzDevice,
  how: How,
  letIn?: readonly Scope[],
): Promise<Heard | undefined> {
  const visitor = { who: "a device that wants in", role: how.role === "node" ? "node" : "operator" } as const;
  const line = await arena.open({ ...visitor, scopes: letIn }, { ip: somewhere(random) });
  const challenge = await line?.next(isChallenge, PATIENCE_MS);
  if (!line || !challenge) return undefined;
  const answer = line.answer("c", PATIENCE_MS);
  line.say({ type: "req", id: "c", method: "connect", params: device.params(nonceOf(challenge), how) });
  const heard = await answer;
  line.drop();
  return heard;
}

function requestOf(refusal: Heard | undefined): string | undefined {
  const { details } = (refusal?.error ?? {}) as { readonly details?: { readonly requestId?: unknown } };
  return typeof details?.requestId === "string" ? details.requestId : undefined;
}

/** Fields that `device.pair.approve` does not have. */
function spareFields(random: Random): object {
  return random.pick([
    {},
    { scopes: ["operator.admin"] },
    { alsoScopes: [{ scope: "operator.admin", when: {} }] },
    { role: "node", roles: ["operator", "node"] },
    { approver: { scopes: ["operator.admin"], nodes: true } },
  ]);
}

/** Asks for much; somebody who holds little approves it. Whatever comes of it, nobody has more than the approver. */
export const generousApprovers: Attack = {
  name: "generous approvers",
  weight: 4,
  async run(arena, random) {
    const device = createDevice();
    const role = random.chance(0.3) ? "node" : "operator";
    const wanted = role === "node" ? [] : SCOPES.filter(() => random.chance(0.3));
    const how = { role, scopes: wanted, auth: { token: arena.token } } as const;
    const request = requestOf(await connect(arena, random, device, how));
    const held: Scope[] = ["operator.pairing", ...SCOPES.filter(() => random.chance(0.2))];
    const [approver, admin] = [await arena.operator(held), await arena.operator(["operator.admin"])];
    if (request !== undefined && approver) {
      const params = { requestId: request, ...spareFields(random) };
      const answer = await question(approver, "approve", "device.pair.approve", params, PATIENCE_MS);
      const may = role === "node" ? holds(held, "operator.admin") : wanted.every((scope) => holds(held, scope));
      if (answer?.ok === true && !may) {
        const example = `${held.join(" ")} approved ${role} ${wanted.join(" ")}`;
        arena.watch.breach("answers without the scope", example);
      }
      if (answer?.ok === true) await comesBack(arena, random, { device, role, held, wanted }, approver);
    }
    if (admin) await forget(admin, device, request);
    for (const insider of [approver, admin]) insider?.line.drop();
  },
};

/** With more than was approved, and after somebody tried to widen its token. */
async function comesBack(
  arena: Arena,
  random: Random,
  { device, held, role, wanted }: { device: FuzzDevice; role: "operator" | "node"; held: Scope[]; wanted: Scope[] },
  approver: Insider,
): Promise<void> {
  const wide = { deviceId: device.id, role, scopes: ["operator.admin", ...wanted] };
  if (random.chance(0.5)) await question(approver, "rotate", "device.token.rotate", wide, PATIENCE_MS);
  const back = { role, scopes: SCOPES.filter(() => random.chance(0.5)), auth: { token: arena.token } };
  const letIn = random.chance(0.5) ? back : { ...back, scopes: wanted };
  const hello = await connect(arena, random, device, letIn, wanted);
  const granted = ((hello?.payload?.auth ?? {}) as { readonly scopes?: readonly string[] }).scopes ?? [];
  const tooMuch = granted.filter((scope) => !isScope(scope) || !holds(wanted, scope) || !holds(held, scope));
  if (tooMuch.length > 0) arena.watch.breach("let in who should not be", `${role} with ${tooMuch.join(" ")}`);
}

/** Leaves no row behind, since the gateway keeps few that wait. */
async function forget(admin: Insider, device: FuzzDevice, request: string | undefined): Promise<void> {
  if (request !== undefined) {
    await question(admin, "reject", "device.pair.reject", { requestId: request }, PATIENCE_MS);
  }
  await question(admin, "remove", "device.pair.remove", { deviceId: device.id }, PATIENCE_MS);
}

/** Many present one code at once, whole or spoilt, in its own field or another: it lets nobody in by itself. */
export const sharedSetupCodes: Attack = {
  name: "shared setup codes",
  weight: 4,
  async run(arena, random) {
    const admin = await arena.operator(["operator.admin"]);
    if (!admin) return;
    const wish = random.pick([{}, { bootstrapProfile: "limited" }, { bootstrapProfile: "node" }]);
    const params = { publicUrl: "wss://gateway.example", includeQr: false, ...wish };
    const made = await question(admin, "code", "device.pair.setupCode", params, PATIENCE_MS);
    const code = made?.payload?.setupCode;
    if (typeof code === "string") await present(arena, random, decodeSetupCode(code, Date.now()).bootstrapToken, admin);
    admin.line.drop();
  },
};

async function present(arena: Arena, random: Random, token: string, admin: Insider): Promise<void> {
  const devices = Array.from({ length: random.whole(2, 8) }, () => createDevice());
  const role = random.pick(["operator", "node"] as const);
  const scopes: Scope[] = role === "node" ? [] : ["operator.admin"];
  const auths = [
    { bootstrapToken: token },
    { bootstrapToken: token },
    { bootstrapToken: ` ${token}` },
    { bootstrapToken: token.slice(1) },
    { bootstrapToken: token.toUpperCase() },
    { token },
    { deviceToken: token },
    { password: token },
  ];
  const answers = await Promise.all(
    devices.map((device, index) => {
      // One at least presents it rightly: what is bound is forgotten with its device.
      const auth = index === 0 ? { bootstrapToken: token } : random.pick(auths);
      return connect(arena, random, device, { role, scopes, auth });
    }),
  );
  const waiting = answers.flatMap((answer, index) => {
    const [request, device] = [requestOf(answer), devices[index]];
    return request !== undefined && device ? [{ request, device }] : [];
  });
  // Of all that presented it, it is one's.
  if (waiting.length > 1)
    arena.watch.breach("let in who should not be", `${waiting.length} devices wait with one code`);
  const [first] = waiting;
  if (!first) return;
  const approved = random.chance(0.5);
  if (approved) {
    await question(admin, "approve", "device.pair.approve", { requestId: first.request }, PATIENCE_MS);
    const thief = createDevice();
    const stolen = await connect(arena, random, thief, { role, scopes, auth: { bootstrapToken: token } });
    if (stolen?.ok === true) arena.watch.breach("let in who should not be", "a second device with a used code");
  }
  await forget(admin, first.device, approved ? undefined : first.request);
}
