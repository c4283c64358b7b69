import { runProgram } from './program.ts'
import { runShopper } from './shopper-program.ts'

/** Buys books, and expects to be allowed to. It starts traces: what it sends carries no tracing header. */
await runProgram('bookbuyer', surroundings =>
  runShopper({ name: 'bookbuyer', title: 'Bookbuyer', verb: 'Bought', expectedStatus: 200 }, surroundings),
)
