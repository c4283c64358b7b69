/**
 * How much is tried, and from which seed. `KISEKI_FUZZ_RUNS=100000 npx vitest run --project unit src/sidecar/conformance/fuzz`
 * searches for longer, `KISEKI_FUZZ_SEED` elsewhere; fast-check says what to set when it has found something.
 */
export const RUNS: number = numberOf('KISEKI_FUZZ_RUNS', 150)
export const SEED: number = numberOf('KISEKI_FUZZ_SEED', 9112)

/** Of one test, with room for a busy machine. */
export const FUZZ_MILLIS: number = 60_000 + RUNS * 200

/** For names of tests, so that each report says it. */
export const ORIGIN: string = `seed ${SEED}, ${RUNS} runs`

function numberOf(name: string, otherwise: number): number {
  const text = process.env[name] ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : otherwise
}
