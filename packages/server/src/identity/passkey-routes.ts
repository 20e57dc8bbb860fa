/** Signing in with a passkey, and adding one. */

import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { SwitchboardError } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import { giveBrowser, takeOfBrowser } from "./browser-secret.ts";
import { mayHavePasskeys } from "./passkey-place.ts";
import { startSession } from "./session-start.ts";
import type { AuthContext, Visit } from "./visit.ts";

const closed = { additionalProperties: false } as const;
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Text = Type.String({ maxLength: 8_192 });
/** As browsers write what an authenticator answers; whatever else they add is not read. */
const answerWith = <T extends Parameters<typeof Type.Object>[0]>(response: T) =>
  Type.Object({ id: Text, rawId: Text, type: Type.Literal("public-key"), response: Type.Object(response) });
const Made = answerWith({ clientDataJSON: Text, attestationObject: Text });
const Proven = answerWith({ clientDataJSON: Text, authenticatorData: Text, signature: Text });
const Nothing = Type.Object({}, closed);

/** What every device has one of (COSE): Ed25519, ECDSA with P-256, RSA with SHA-256. */
const ALGORITHMS = [-8, -7, -257];

/** Loaded when the first passkey comes. */
const library = () => import("@simplewebauthn/server");

export function passkeyRoutes({ guessing, people, post }: AuthContext): void {
  const { challenges, passkeys } = people;

  /** Names no account: the device knows whose passkey it has. */
  post("/passkey/challenge", Nothing, async (visit, _body, reply) => {
    const { rpId } = placeOf(visit);
    await guessing.beginLink(visit.request, "challenge");
    const { generateAuthenticationOptions } = await library();
    const options = await generateAuthenticationOptions({ rpID: rpId, userVerification: "required" });
    const secret = await challenges.begin("passkey.sign-in", { challenge: options.challenge });
    giveBrowser(reply, visit.root, "passkey", secret);
    return options;
  });

  post("/passkey/sign-in", Type.Object({ answer: Proven }, closed), async (visit, { answer }, reply) => {
    const { origin, rpId } = placeOf(visit);
    await guessing.begin(visit.request);
    const secret = takeOfBrowser(visit.request, reply, visit.root, "passkey");
    const begun = secret === undefined ? undefined : await challenges.take("passkey.sign-in", secret);
    const passkey = await passkeys.find(answer.id);
    if (!begun || !passkey) throw notAccepted();
    const response = answer as unknown as AuthenticationResponseJSON;
    const { userHandle } = response.response;
    if (userHandle !== undefined && userHandle !== handleOf(passkey.person)) throw notAccepted();
    const { verifyAuthenticationResponse } = await library();
    const proven = await verifyAuthenticationResponse({
      response,
      expectedChallenge: begun.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: new Uint8Array(Buffer.from(passkey.public_key, "base64url")),
        counter: passkey.counter,
        transports: JSON.parse(passkey.transports) as AuthenticatorTransport[],
      },
    }).catch((error: unknown) => {
      throw notAccepted(error);
    });
    if (!proven.verified) throw notAccepted();
    if (!(await passkeys.used(passkey, proven.authenticationInfo.newCounter))) throw notAccepted();
    await startSession(visit, passkey.person, reply);
  });

  post("/passkeys/challenge", Nothing, async (visit, _body, reply) => {
    const { rpId } = placeOf(visit);
    const { person } = await visit.signedInLately();
    const { generateRegistrationOptions } = await library();
    const known = await passkeys.rows(person.id);
    const options = await generateRegistrationOptions({
      rpName: "Switchboard",
      rpID: rpId,
      userID: new Uint8Array(Buffer.from(person.id)),
      userName: person.email,
      userDisplayName: person.name,
      supportedAlgorithmIDs: ALGORITHMS,
      // Which make of device it is does not matter here.
      attestationType: "none",
      excludeCredentials: known.map(({ credential, transports }) => ({
        id: credential,
        transports: JSON.parse(transports) as AuthenticatorTransport[],
      })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    });
    const secret = await challenges.begin("passkey.add", { challenge: options.challenge, person: person.id });
    giveBrowser(reply, visit.root, "passkey", secret);
    return options;
  });

  post("/passkeys", Type.Object({ name: Name, answer: Made }, closed), async (visit, { answer, name }, reply) => {
    const { origin, rpId } = placeOf(visit);
    const { person } = await visit.signedInLately();
    const secret = takeOfBrowser(visit.request, reply, visit.root, "passkey");
    const begun = secret === undefined ? undefined : await challenges.take("passkey.add", secret);
    if (begun?.person !== person.id) throw notAccepted();
    const { verifyRegistrationResponse } = await library();
    const made = await verifyRegistrationResponse({
      response: answer as unknown as RegistrationResponseJSON,
      expectedChallenge: begun.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch((error: unknown) => {
      throw notAccepted(error);
    });
    if (!made.verified) throw notAccepted();
    const { counter, id: credential, publicKey, transports = [] } = made.registrationInfo.credential;
    const id = await passkeys.add({
      credential,
      counter,
      name,
      person: person.id,
      public_key: Buffer.from(publicKey).toString("base64url"),
      transports: JSON.stringify(transports),
    });
    await people.noteOfPerson(person.id, "sign-in.passkey-added", id);
    return { id };
  });

  post("/passkeys/rename", Type.Object({ id: Text, name: Name }, closed), async (visit, { id, name }) => {
    const { person } = await visit.signedIn();
    if (await passkeys.rename(person.id, id, name)) return;
    throw new SwitchboardError("REQ_002", "You have no such passkey.", { action: "List them first." });
  });
}

/** What devices tie passkeys to. @throws REQ_001 at a mere number. */
function placeOf({ root }: Visit): { readonly origin: string; readonly rpId: string } {
  const { hostname: rpId, origin } = new URL(root);
  if (mayHavePasskeys(root)) return { origin, rpId };
  throw new SwitchboardError("REQ_001", "Passkeys hold for a name with TLS, or for localhost, not for this address.", {
    action: "Open the gateway at its public address (gateway.publicUrl), or at localhost.",
  });
}

function handleOf(person: string): string {
  return Buffer.from(person).toString("base64url");
}

/** The same for all that is wrong: it tells nobody which passkeys are known. */
function notAccepted(cause?: unknown): SwitchboardError {
  return new SwitchboardError("REQ_005", "This passkey was not accepted.", {
    action: "Try it again, or sign in another way.",
    cause,
  });
}
