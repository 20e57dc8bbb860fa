import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { memoryLog } from "../test-support/memory-log.ts";
import { fingerprintOf, type GatewayTlsOptions, gatewayTls } from "./gateway-tls.ts";
import { ownAddresses } from "./own-addresses.ts";
import { selfSigned } from "./self-signed.ts";

const NOW = Date.UTC(2027, 0, 15);
const YEAR_MS = 365.25 * 86_400_000;
const posix = process.platform !== "win32";

function tlsIn(stateDirectory: string, settings: Partial<GatewayTlsOptions["settings"]> = {}, now = NOW) {
  const log = memoryLog();
  const tls = gatewayTls({
    settings: { enabled: true, autoGenerate: true, ...settings },
    stateDirectory,
    log,
    now,
  });
  return { tls, log };
}

describe("the gateway's own certificate", () => {
  it("DEV-11 is made only when TLS is on", async () => {
    await using place = await temporaryDirectory();
    expect(await tlsIn(place.path, { enabled: false }).tls).toBeUndefined();
    expect(readdirSync(place.path)).toEqual([]);
  });

  it("DEV-11 is ECDSA on P-256, for ten years, for this machine, and no authority", async () => {
    await using place = await temporaryDirectory();
    const { tls, log } = tlsIn(place.path);
    const made = await tls;
    const certificate = new X509Certificate(made?.cert ?? "");
    expect(certificate.publicKey.asymmetricKeyType).toBe("ec");
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(certificate.ca).toBe(false);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(NOW);
    expect(((made?.endsAt ?? 0) - NOW) / YEAR_MS).toBeCloseTo(10, 1);
    expect(certificate.checkHost("localhost")).toBe("localhost");
    for (const address of ["127.0.0.1", "::1", ...ownAddresses()]) expect(certificate.checkIP(address)).toBe(address);
    if (/^[a-z0-9.-]+$/i.test(hostname())) expect(certificate.checkHost(hostname())).toBe(hostname());
    expect(certificate.checkHost("example.com")).toBeUndefined();
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(made?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(made?.fingerprint).toBe(certificate.fingerprint256.replaceAll(":", "").toLowerCase());
    expect(log.lines).toEqual([]);
  });

  it("DEV-11 is kept for later starts, in a file that is its owner's alone", async () => {
    await using place = await temporaryDirectory();
    const first = await tlsIn(place.path).tls;
    const later = tlsIn(place.path, {}, NOW + 9.9 * YEAR_MS);
    expect((await later.tls)?.fingerprint).toBe(first?.fingerprint);
    expect(later.log.lines).toEqual([]);
    expect(readdirSync(place.path)).toEqual(["tls.pem"]);
    if (posix) expect(statSync(join(place.path, "tls.pem")).mode & 0o777).toBe(0o600);
  });

  it("DEV-11 is made anew, with a warning, when it ended or cannot be understood", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "tls.pem");
    let known = await tlsIn(place.path).tls;
    const [one, two] = [await selfSigned(NOW), await selfSigned(NOW)];
    for (const [content, why] of [
      [readFileSync(path, "utf8"), "expired"],
      ["hunter2", "unreadable"],
      [one.cert, "unreadable"],
      [one.key, "unreadable"],
      [`${one.key}${two.cert}`, "unreadable"],
    ] as const) {
      writeFileSync(path, content);
      const { tls, log } = tlsIn(place.path, {}, why === "expired" ? (known?.endsAt ?? 0) : NOW);
      const made = await tls;
      expect(made?.fingerprint).not.toBe(known?.fingerprint);
      expect(log.lines).toMatchObject([{ level: "warn", fields: { path, why } }]);
      expect(log.text()).not.toMatch(/hunter2|PRIVATE/);
      expect((await tlsIn(place.path).tls)?.fingerprint).toBe(made?.fingerprint);
      known = made;
    }
  });

  it.runIf(posix)("STORE_003 is not used when others can read its key", async () => {
    await using place = await temporaryDirectory();
    await tlsIn(place.path).tls;
    chmodSync(join(place.path, "tls.pem"), 0o644);
    await expect(tlsIn(place.path).tls).rejects.toMatchObject({ code: "STORE_003" });
  });
});

describe("a certificate of one's own", () => {
  async function filesIn(directory: string, madeAt = NOW) {
    const made = await selfSigned(madeAt);
    writeFileSync(join(directory, "cert.pem"), made.cert);
    writeFileSync(join(directory, "key.pem"), made.key);
    return made;
  }
  const own = { certPath: "cert.pem", keyPath: "key.pem" };

  it("DEV-11 is used with its chain; its fingerprint is the first one's", async () => {
    await using place = await temporaryDirectory();
    const { cert } = await filesIn(place.path);
    const chain = `${cert}\n${(await selfSigned(NOW)).cert}`;
    writeFileSync(join(place.path, "cert.pem"), chain);
    const absolute = { certPath: join(place.path, "cert.pem"), keyPath: join(place.path, "key.pem") };
    for (const paths of [own, absolute]) {
      const tls = await tlsIn(place.path, { ...paths, autoGenerate: false }).tls;
      expect(tls).toMatchObject({ cert: chain, fingerprint: fingerprintOf(cert) });
    }
    expect(readdirSync(place.path).toSorted()).toEqual(["cert.pem", "key.pem"]);
  });

  it.each<[string, RegExp, (directory: string) => Promise<Partial<GatewayTlsOptions["settings"]>>, number?]>([
    ["only its certificate is named", /keyPath/, async () => ({ certPath: "cert.pem" })],
    ["only its key is named", /certPath/, async () => ({ keyPath: "key.pem" })],
    ["there is none and none may be made", /autoGenerate/, async () => ({ autoGenerate: false })],
    ["there is no such file", /certPath names cannot be read/, async () => own],
    [
      "its key is a directory",
      /keyPath names cannot be read/,
      async (directory) => {
        await filesIn(directory);
        mkdirSync(join(directory, "folder"));
        return { ...own, keyPath: "folder" };
      },
    ],
    [
      "the files are exchanged",
      /certPath names holds no certificate/,
      async (directory) => {
        await filesIn(directory);
        return { certPath: "key.pem", keyPath: "cert.pem" };
      },
    ],
    [
      "its key is none",
      /keyPath names holds no private key/,
      async (directory) => {
        await filesIn(directory);
        writeFileSync(join(directory, "key.pem"), "hunter2");
        return own;
      },
    ],
    [
      "its key is encrypted",
      /or an encrypted one/,
      async (directory) => {
        await filesIn(directory);
        const { privateKey } = generateKeyPairSync("ec", {
          namedCurve: "P-256",
          publicKeyEncoding: { type: "spki", format: "pem" },
          privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "hunter2" },
        });
        writeFileSync(join(directory, "key.pem"), privateKey);
        return own;
      },
    ],
    [
      "the key is another's",
      /does not belong to the certificate/,
      async (directory) => {
        await filesIn(directory);
        writeFileSync(join(directory, "key.pem"), (await selfSigned(NOW)).key);
        return own;
      },
    ],
    [
      "it has expired",
      /expired on 2017-01-15/,
      async (directory) => {
        await filesIn(directory, Date.UTC(2007, 0, 15));
        return own;
      },
    ],
    [
      "it has not begun",
      /begins on 2030-/,
      async (directory) => {
        await filesIn(directory, Date.UTC(2030, 5, 15));
        return own;
      },
    ],
  ])("CFG_001 is refused when %s", async (_why, message, prepare) => {
    await using place = await temporaryDirectory();
    const settings = await prepare(place.path);
    const { tls } = tlsIn(place.path, settings);
    await expect(tls).rejects.toMatchObject({ code: "CFG_001", message: expect.stringMatching(message) });
    await expect(tls).rejects.not.toThrow(/hunter2|PRIVATE/);
    expect(readdirSync(place.path)).not.toContain("tls.pem");
  });
});
