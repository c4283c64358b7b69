import fc from 'fast-check'
import { REQUEST_TOPICS } from '../requests/all.ts'
import { RESPONSE_TOPICS } from '../responses/all.ts'
import { requests, responses } from './messages.ts'
import { crossed, mutated } from './mutations.ts'

/** What is longer says nothing more, and takes its time. */
const MOST_BYTES = 9000

const sent = Object.values(REQUEST_TOPICS).flatMap(cases => cases.map(each => each.send))
const said = Object.values(RESPONSE_TOPICS).flatMap(cases => cases.map(each => [each.send].flat().join('')))

/** Messages that are made up, cases of the corpus, and halves of two of them, most of them spoiled a little. */
function spoiled(made: fc.Arbitrary<string>, corpus: readonly string[]): fc.Arbitrary<string> {
  const known = fc.constantFrom(...corpus.filter(text => text.length < MOST_BYTES))
  const either = fc.oneof({ weight: 3, arbitrary: made }, { weight: 2, arbitrary: known })
  return mutated(fc.oneof({ weight: 4, arbitrary: either }, { weight: 1, arbitrary: crossed(either) }))
}

/** What one connection of a client carries. */
export const spoiledRequests: fc.Arbitrary<string> = spoiled(requests, sent)

/** What an app writes in answer to one request. */
export const spoiledResponses: fc.Arbitrary<string> = spoiled(responses, said)
