import { integerOf } from './environment.ts'
import { runProgram } from './program.ts'
import { runShopper } from './shopper-program.ts'

/** Does what the bookbuyer does without being entitled to it. What it expects depends on the policy of the mesh. */
await runProgram('bookthief', surroundings =>
  runShopper(
    {
      name: 'bookthief',
      title: 'Bookthief',
      verb: 'Stolen',
      expectedStatus: integerOf(surroundings.env, 'BOOKTHIEF_EXPECTED_RESPONSE_CODE', 404),
    },
    surroundings,
  ),
)
