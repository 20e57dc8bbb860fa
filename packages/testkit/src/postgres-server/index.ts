/**
 * A PostgreSQL server of the tests' own: in a temporary directory, on a free port, as a user who is not root. It ends
 * with the process that started it, however that ends.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";
import { freePort } from "../gateway-process/free-port.ts";

const PASSWORD = "only-for-tests";
const PATIENCE_MS = 60_000;

export interface TestServer {
  /** The address of a database, as the gateway's login: it owns its databases and may make roles, and nothing more. */
  url(database: string, user?: string): string;
  /** A new, empty database. */
  createDatabase(template?: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** A connection of the administrator. */
  connect(database: string): Promise<pg.Client & AsyncDisposable>;
  /** Runs SQL as the administrator. */
  admin(sql: string, database?: string): Promise<pg.QueryResult>;
  /** Ends every process of the server at once, without a last word, and starts it again on the same data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no server to test with; absent where there is one. */
export function missingServer(): string | undefined {
  if (binaries() !== undefined) return undefined;
  const reason = "no PostgreSQL server was found: apt-get install postgresql";
  if (process.env.REQUIRE_SERVICES === "1") throw new Error(reason);
  return reason;
}

/** The folder of `initdb` and `postgres`: from PATH, or where Debian keeps them, the newest first. */
function binaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
}

/** PostgreSQL refuses to run as root. */
function nobody(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Runs a program for as long as its input is open, again for every line of it, and then removes the directory. */
const GUARD = `directory=$1; shift
"$@" & child=$!
while read -r again; do wait $child; "$@" & child=$!; done
kill -QUIT $child 2> /dev/null
wait $child
rm -rf "$directory"`;

/** `durable`: with every write on the disk when it is answered, as in production; without, the tests are faster. */
export async function startServer({ durable = false } = {}): Promise<TestServer> {
  const folder = binaries();
  if (folder === undefined) throw new Error(missingServer());
  const user = nobody();
  const directory = mkdtempSync(join(tmpdir(), "switchboard-postgres-"));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid);
  const data = join(directory, "data");
  const passwords = join(directory, "password");
  writeFileSync(passwords, PASSWORD, { mode: 0o644 });
  const env = { ...process.env, LC_ALL: "C.UTF-8" };
  // biome-ignore format: one line a group
  execFileSync(
    join(folder, "initdb"),
    ["-D", data, "-U", "admin", "--auth=password", `--pwfile=${passwords}`, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
    { ...user, cwd: directory, env, stdio: "ignore" },
  );
  const port = await freePort();
  const settings = [
    "listen_addresses=127.0.0.1",
    `unix_socket_directories=${directory}`,
    `fsync=${durable ? "on" : "off"}`,
    "max_connections=200",
    "shared_buffers=64MB",
    "autovacuum_naptime=5s",
  ];
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  let guard: ChildProcess | undefined;
  const address = (database: string, name: string) => `postgresql://${name}:${PASSWORD}@127.0.0.1:${port}/${database}`;

  const start = async () => {
    const command = ["-c", GUARD, "guard", directory, join(folder, "postgres"), ...args];
    guard = spawn("/bin/sh", command, { ...user, cwd: directory, env, stdio: ["pipe", "ignore", "ignore"] });
    await untilReady(address("postgres", "admin"));
  };
  const connect: TestServer["connect"] = async (database) => {
    const client = new pg.Client({ connectionString: address(database, "admin") });
    client.on("error", () => {});
    await client.connect();
    return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
  };
  const admin: TestServer["admin"] = async (sql, database = "postgres") => {
    await using client = await connect(database);
    return await client.query(sql);
  };
  try {
    await start();
    await admin(`CREATE ROLE gateway LOGIN CREATEROLE CREATEDB PASSWORD '${PASSWORD}'`);
  } catch (error) {
    guard?.stdin?.end();
    throw error;
  }

  let count = 0;
  return {
    url: (database, name = "gateway") => address(database, name),
    async createDatabase(template = "template0") {
      count += 1;
      const name = `test_${count}`;
      await admin(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER gateway`);
      return name;
    },
    async dropDatabase(name) {
      await admin(`DROP DATABASE ${name} WITH (FORCE)`);
    },
    connect,
    admin,
    async crash() {
      process.kill(Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]), "SIGQUIT");
      guard?.stdin?.write("again\n");
      await untilReady(address("postgres", "admin"));
    },
    async stop() {
      if (!guard || guard.exitCode !== null) return;
      const ended = once(guard, "exit");
      guard.stdin?.end();
      await ended;
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; ) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
}
