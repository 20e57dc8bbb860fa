/**
 * The first floor: what storing an update before acknowledging it costs at least. A bare server that appends the body
 * to a SQLite file of the gateway's kind (WAL, synchronous=FULL); what came while a commit was under way shares the next.
 *
 *   node bench/floors/ingest.ts <file>
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";

const db = new DatabaseSync(process.argv[2] ?? "");
db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000");
db.exec("CREATE TABLE inbox (seq INTEGER PRIMARY KEY, received_at INTEGER NOT NULL, payload BLOB NOT NULL) STRICT");
const begin = db.prepare("BEGIN IMMEDIATE");
const insert = db.prepare("INSERT INTO inbox (received_at, payload) VALUES (?, ?)");
const commit = db.prepare("COMMIT");

let waiting: { readonly body: Buffer; readonly response: ServerResponse }[] = [];
/** Milliseconds from begin to the end of each commit. */
let figures: number[] = [];

function flush(): void {
  const batch = waiting;
  waiting = [];
  const startedAt = performance.now();
  begin.run();
  for (const { body } of batch) insert.run(Date.now(), body);
  commit.run();
  figures.push(performance.now() - startedAt);
  for (const { response } of batch) {
    response.writeHead(200, { "content-type": "application/json", "content-length": 11 });
    response.end('{"ok":true}');
  }
}

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const [first = Buffer.alloc(0)] = pieces;
    waiting.push({ body: pieces.length === 1 ? first : Buffer.concat(pieces), response });
    if (waiting.length === 1) setImmediate(flush);
  });
});

process.on("message", () => {
  process.send?.({ figures });
  figures = [];
});
// Connections are idle while the gateway has its turn.
server.keepAliveTimeout = 600_000;
process.on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
