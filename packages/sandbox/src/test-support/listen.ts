/** Reads the sandbox's events as a page does. */
export interface Heard {
  readonly event: string;
  readonly data: unknown;
}

export interface Ear extends AsyncDisposable {
  /** The next event; of that name, if one is given: others before it are passed over. Throws when the stream ended. */
  next(event?: string): Promise<Heard>;
}

export async function listen(url: string): Promise<Ear> {
  const stop = new AbortController();
  const response = await fetch(`${url}/api/events`, { signal: stop.signal });
  if (!response.body) throw new Error("There is no stream.");
  const events = read(response.body);
  return {
    async next(event) {
      for (;;) {
        const { done, value } = await events.next();
        if (done) throw new Error("The stream has ended.");
        if (event === undefined || value.event === event) return value;
      }
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
    },
  };
}

async function* read(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Heard, undefined> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
  return undefined;
}
