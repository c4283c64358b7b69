import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openJournal } from './journal.ts'
import { type Visit, visit } from './visit.ts'

const servers: Server[] = []

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

const ask = async (
  url: string,
  headers = {},
  stop = new AbortController().signal,
): Promise<[Visit, string[]]> => {
  const lines: string[] = []
  const journal = openJournal('test', line => lines.push(line))
  return [await visit(url, { headers, journal, stop }), lines]
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
})

describe('a visit', () => {
  it('tells what it asked and what came back', async () => {
    const url = await serve((_, response) =>
      response
        .writeHead(200, { Identity: 'bookstore-v1', Booksbought: '3', Date: 'today' })
        .end('x'.repeat(100_000)),
    )
    const [seen, lines] = await ask(`${url}/books-bought`, { 'client-app': 'bookbuyer' })
    expect(seen).toEqual({ status: 200, identity: 'bookstore-v1' })
    expect(lines).toEqual([
      `\nFetching ${url}/books-bought`,
      'Request Headers: map[Client-App:[bookbuyer]]',
      'Identity: bookstore-v1',
      'Booksbought: 3',
      'Server: n/a',
      'Date: today',
      'Status: 200 OK',
    ])
  })

  it('has status 0 when nobody is there', async () => {
    const url = await serve(() => undefined)
    await new Promise(resolve => servers.pop()?.close(resolve))
    const [seen, lines] = await ask(url)
    expect(seen).toEqual({ status: 0, identity: 'unknown' })
    expect(lines.at(-1)).toMatch(new RegExp(`^Error fetching ${url}: connect ECONNREFUSED`))
  })

  it('has status 0 when the answer breaks off', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy())
    })
    const [seen, lines] = await ask(url)
    expect(seen.status).toBe(0)
    expect(lines.at(-1)).toMatch(/^Error fetching /)
  })

  it('follows redirects, within reason', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/new' }).end()
      else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end()
      else response.writeHead(404).end()
    })
    expect((await ask(`${url}/old`))[0].status).toBe(404)
    expect((await ask(`${url}/loop`))[1].at(-1)).toContain('stopped after 10 redirects')
  })

  it('asks anew when the kept connection is gone', async () => {
    let asked = 0
    const url = await serve((request, response) => {
      asked++
      if (asked === 2) request.socket.resetAndDestroy()
      else response.end()
    })
    expect((await ask(url))[0].status).toBe(200)
    expect((await ask(url))[0].status).toBe(200)
    expect(asked).toBe(3)
  })

  it('ends without a word when told to stop', async () => {
    const stopping = new AbortController()
    const url = await serve(() => stopping.abort())
    const [seen, lines] = await ask(url, {}, stopping.signal)
    expect(seen.status).toBe(0)
    expect(lines).toHaveLength(2)
  })
})
