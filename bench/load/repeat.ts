/** The same thing over and over, so many at a time. */

/** Begins the next one when one is done, until `more` says no. Returns what each took, in milliseconds. */
export async function repeat(atOnce: number, more: () => boolean, work: (place: number) => Promise<unknown>) {
  const latencies: number[] = [];
  await Promise.all(
    Array.from({ length: atOnce }, async (_, place) => {
      while (more()) {
        const startedAt = performance.now();
        await work(place);
        latencies.push(performance.now() - startedAt);
      }
    }),
  );
  return latencies;
}
