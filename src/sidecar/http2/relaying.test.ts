import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { http2Client, startHttp2App } from '../testing/http2-peers.ts'
import { booksOn, startRig } from '../testing/rig.ts'

const closing = closedAfterEach()

describe('bodies', () => {
  it.each([0, 1, 1000, 65_536, 300_000, 8_000_000])(
    'of %i bytes come through whole, both ways, with trailers',
    async size => {
      const app = closing(await startHttp2App())
      const rig = closing(await startRig(booksOn(app.port)))
      const client = closing(await http2Client(rig.outbound))
      const body = randomBytes(size)
      const answer = await client.ask({ body })
      expect(answer.status).toBe(200)
      expect(answer.body.equals(body)).toBe(true)
      expect(answer.trailers['x-sum']).toBe(String(size))
    },
  )

  it('of 100 streams at once are not mixed up', async () => {
    const app = closing(await startHttp2App())
    const rig = closing(await startRig(booksOn(app.port)))
    const client = closing(await http2Client(rig.outbound))
    const bodies = Array.from({ length: 100 }, (_, at) => randomBytes(at * 2003))
    const answers = await Promise.all(bodies.map(body => client.ask({ body })))
    expect(answers.map(({ status, code }) => [status, code])).toEqual(answers.map(() => [200, 0]))
    expect(answers.every(({ body }, at) => bodies[at]?.equals(body))).toBe(true)
    expect(app.sessions).toHaveLength(1)
  })
})
