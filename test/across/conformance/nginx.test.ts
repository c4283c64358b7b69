import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRequest } from '../../../src/sidecar/conformance/message-reader.ts'
import { type RecordingApp, startRecordingApp } from '../../../src/sidecar/conformance/recording-app.ts'
import type { RequestCase } from '../../../src/sidecar/conformance/request-case.ts'
import { meaningOf, runRequestCase } from '../../../src/sidecar/conformance/request-run.ts'
import { REQUEST_TOPICS } from '../../../src/sidecar/conformance/requests/all.ts'
import type { ResponseCase } from '../../../src/sidecar/conformance/response-case.ts'
import { expectedMeanings, runResponseCase } from '../../../src/sidecar/conformance/response-run.ts'
import { RESPONSE_TOPICS } from '../../../src/sidecar/conformance/responses/all.ts'
import { type ScriptedApp, startScriptedApp } from '../../../src/sidecar/conformance/scripted-app.ts'
import type { Explanation, NginxRequest, NginxResponse } from './differences/difference.ts'
import { REQUEST_HOPS } from './differences/request-hops.ts'
import { REQUEST_MESSAGES } from './differences/request-messages.ts'
import { REQUEST_TARGETS } from './differences/request-targets.ts'
import { RESPONSES } from './differences/responses.ts'
import { EXPLAINED_VERSION, NGINX_VERSION, type Nginx, startNginx } from './nginx.ts'

/**
 * The corpus of the sidecar's conformance, sent through nginx: every difference between the two is explained, and no
 * explanation is without a difference. Other versions than the explained one may do as either of both.
 */
const strict = NGINX_VERSION.startsWith(EXPLAINED_VERSION)

function byName<Case extends { readonly name: string }>(
  topics: Readonly<Record<string, readonly Case[]>>,
): Map<string, Case> {
  const pairs = Object.entries(topics).flatMap(([topic, cases]) =>
    cases.map(each => [`${topic}: ${each.name}`, each] as const),
  )
  const all = new Map(pairs)
  if (all.size < pairs.length) throw new Error('two cases have the same name')
  return all
}

function explained<Outcome>(explanations: readonly Explanation<Outcome>[]): ReadonlyMap<string, Outcome> {
  return new Map(explanations.flatMap(each => Object.entries(each.cases)))
}

const requests = byName(REQUEST_TOPICS)
const responses = byName(RESPONSE_TOPICS)
const otherRequests = explained([...REQUEST_MESSAGES, ...REQUEST_TARGETS, ...REQUEST_HOPS])
const otherResponses = explained(RESPONSES)

function ownRequest(given: RequestCase): NginxRequest {
  const { arrives, answers, alive } = given
  return { arrives: arrives.map(wordsOf), answers, alive }
}

function wordsOf(text: string): string {
  const reading = readRequest(text)
  return typeof reading === 'string' ? reading : meaningOf(reading)
}

function ownResponse(given: ResponseCase): NginxResponse {
  return { seen: expectedMeanings(given), client: given.client, reused: given.reused }
}

describe('explanations', () => {
  it('are all of cases that there are, and of real differences', () => {
    for (const [name, outcome] of otherRequests) {
      const given = requests.get(name)
      expect(given, name).toBeDefined()
      if (given !== undefined) expect(outcome, name).not.toEqual(ownRequest(given))
    }
    for (const [name, outcome] of otherResponses) {
      const given = responses.get(name)
      expect(given, name).toBeDefined()
      if (given !== undefined) expect(outcome, name).not.toEqual(ownResponse(given))
    }
  })
})

describe('requests through nginx', () => {
  if (NGINX_VERSION === '') {
    it.skip('skipped: needs nginx, install with apt-get install nginx-light')
    return
  }
  let app: RecordingApp
  let nginx: Nginx
  beforeAll(async () => {
    app = await startRecordingApp()
    nginx = await startNginx(app.port)
  })
  afterAll(async () => {
    await nginx.stop()
    await app.close()
  })

  // Through which door requests come is a thing of sidecars.
  const taken = [...requests].filter(([, each]) => each.only !== 'outbound')
  it.each(taken)('%s', async (name, given) => {
    const own = ownRequest(given)
    const expected = otherRequests.get(name) ?? own
    const seen = await runRequestCase(nginx.port, app, given, expected)
    app.bad.length = 0
    const outcome = { arrives: seen.meanings, answers: seen.answers, alive: seen.alive }
    if (strict) expect(outcome).toEqual(expected)
    else expect([expected, own]).toContainEqual(outcome)
  })
})

describe('responses through nginx', () => {
  if (NGINX_VERSION === '') {
    it.skip('skipped: needs nginx, install with apt-get install nginx-light')
    return
  }
  let app: ScriptedApp
  let nginx: Nginx
  beforeAll(async () => {
    app = await startScriptedApp()
    nginx = await startNginx(app.port)
  })
  afterAll(async () => {
    await nginx.stop()
    await app.close()
  })

  it.each([...responses])('%s', async (name, given) => {
    const own = ownResponse(given)
    const { behind, ...expected } = otherResponses.get(name) ?? own
    const sent = behind === undefined ? given : { ...given, behind }
    const seen = await runResponseCase(nginx.port, app, sent, {
      client: expected.client,
      meanings: expected.seen,
    })
    const outcome = { seen: seen.meanings, client: seen.client, reused: seen.reused }
    if (strict) expect(outcome).toEqual(expected)
    else expect([expected, own]).toContainEqual(outcome)
    expect(seen.next).toBe('its own')
  })
})
