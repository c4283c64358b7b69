import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SUCCESS } from './maestro.ts'
import { type ChildProgram, startProgram } from './testing/child-program.ts'
import { type ForwardProxy, openForwardProxy } from './testing/forward-proxy.ts'
import { TRACING_HEADERS } from './tracing-headers.ts'

const BOOKSTORE = 'bookstore.bookstore.svc.cluster.local:14001'
const WAREHOUSE = 'bookwarehouse.bookwarehouse.svc.cluster.local:14001'

let proxy: ForwardProxy
let programs: ChildProgram[] = []
let servers: Server[] = []

beforeEach(async () => {
  proxy = await openForwardProxy()
})

afterEach(async () => {
  await Promise.all(programs.map(program => program.end('SIGKILL')))
  for (const server of servers) {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  programs = []
  servers = []
  await proxy.close()
})

/** Starts a program as a pod on one machine does: with the variables that lead its calls through the sidecar. */
const start = (
  name: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): ChildProgram => {
  const through = { NODE_USE_ENV_PROXY: '1', http_proxy: proxy.url, no_proxy: 'localhost,127.0.0.1,::1' }
  const program = startProgram(name, { ...through, CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.02', ...env }, args)
  programs.push(program)
  return program
}

const serve = async (listener: (request: IncomingMessage) => void): Promise<number> => {
  const server = createServer((incoming, response) => {
    listener(incoming)
    incoming.resume().on('end', () => response.end('{"restocked":1}'))
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return address.port
}

interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Without a pool of connections, so that no test leans on another's. */
const ask = (
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) =>
  new Promise<Reply>((resolve, reject) => {
    const { body, ...rest } = options
    request(url, { ...rest, agent: false }, async answer => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) })
    })
      .on('error', reject)
      .end(body)
  })

const count = (lines: readonly string[], found: (line: string) => boolean): number =>
  lines.filter(found).length
const saysTimes = (line: string, times: number) => (lines: readonly string[]) =>
  count(lines, one => one === line) >= times
const saysPart = (part: string) => (lines: readonly string[]) => lines.some(line => line.includes(part))

const rawOf = async (program: ChildProgram): Promise<Record<string, number>> =>
  JSON.parse((await ask(`${await program.url()}/raw`)).body)

describe('the bookstore as a whole', () => {
  it('sells, restocks and says so, and ends in order', async () => {
    const warehouse = start('bookwarehouse', { IDENTITY: 'bookwarehouse' })
    const v1 = start('bookstore', { IDENTITY: 'bookstore-v1' })
    const v2 = start('bookstore', { PORT: '1' }, ['--port', '0', '--ident', 'bookstore-v2'])
    proxy.name(WAREHOUSE, await warehouse.port())
    proxy.name(BOOKSTORE, await v1.port(), await v2.port())
    const buyer = start('bookbuyer')
    await buyer.until(saysTimes(SUCCESS, 4))
    await warehouse.until(saysTimes(SUCCESS, 1))

    expect(warehouse.lines.slice(0, warehouse.lines.indexOf(SUCCESS)).join()).toContain('Total so far: 3')
    // Which of the two sells is up to the order in which the buyer asks.
    const stores = [...v1.lines, ...v2.lines]
    expect(count(stores, line => line === 'Selling a book!')).toBeGreaterThan(0)
    expect(saysPart('finished w/ status: 200 OK 200')(stores)).toBe(true)
    expect(await buyer.end('SIGTERM')).toBe(0)

    const gets = proxy.passed.filter(({ method }) => method === 'GET')
    expect(new Set(gets.map(({ target }) => target))).toEqual(
      new Set([`http://${BOOKSTORE}/books-bought`, `http://${BOOKSTORE}/buy-a-book/new`]),
    )
    expect(new Set(gets.map(({ socket }) => socket)).size).toBe(1)
    const posts = proxy.passed.filter(({ method }) => method === 'CONNECT')
    expect(new Set(posts.map(({ target }) => target))).toEqual(new Set([WAREHOUSE]))
    expect(await Promise.all([v1.end('SIGINT'), v2.end(), warehouse.end()])).toEqual([0, 0, 0])
  })

  it('counts the same books on both sides', async () => {
    const v1 = start('bookstore', { IDENTITY: 'bookstore-v1.east' })
    const v2 = start('bookstore', { IDENTITY: 'bookstore-v2' })
    proxy.name(BOOKSTORE, await v1.port(), await v2.port())
    const buyer = start('bookbuyer', {
      CI_CLIENT_CONCURRENT_CONNECTIONS: '2',
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '60',
    })
    await buyer.until(lines => count(lines, line => line.includes('BooksCountV')) === 2)

    const bought = await rawOf(buyer)
    expect(bought['booksBought']).toBe(2)
    expect((await rawOf(v1))['booksSold']).toBe(bought['booksBoughtV1'])
    expect((await rawOf(v2))['booksSold']).toBe(bought['booksBoughtV2'])
    const page = (await ask(`${await buyer.url()}/`)).body
    expect(page).toContain('<dd>2</dd>')
    expect(page).toContain('http-equiv="refresh"')
    await ask(`${await buyer.url()}/reset`)
    expect(await rawOf(buyer)).toEqual({ booksBought: 0, booksBoughtV1: 0, booksBoughtV2: 0 })
    expect(await buyer.end()).toBe(0)
  })
})

describe('the bookbuyer', () => {
  it('sends what the policies match on, and no tracing header', async () => {
    const seen: IncomingMessage[] = []
    proxy.name(BOOKSTORE, await serve(incoming => seen.push(incoming)))
    const buyer = start('bookbuyer')
    await buyer.until(saysTimes(SUCCESS, 1))
    const list = seen.find(({ url }) => url === '/books-bought')
    const buy = seen.find(({ url }) => url === '/buy-a-book/new')
    expect(list?.headers).toMatchObject({
      'client-app': 'bookbuyer',
      'user-agent': 'Go-http-client/1.1',
      host: BOOKSTORE,
    })
    const given = new Set([...Object.keys(list?.headers ?? {}), ...Object.keys(buy?.headers ?? {})])
    // The last three belong to HTTP itself; proxy-connection is Node's, towards a forward proxy.
    expect(given).toEqual(new Set(['client-app', 'user-agent', 'host', 'connection', 'proxy-connection']))
  })

  it('survives without a bookstore, and without a sidecar', async () => {
    const buyer = start('bookbuyer', { http_proxy: 'http://127.0.0.1:1' })
    const url = `http://${BOOKSTORE}/buy-a-book/new`
    await buyer.until(saysTimes(`ERROR: response code for "${url}" is 0;  expected 200`, 2))
    expect(buyer.lines.join('\n')).toMatch(new RegExp(`Error fetching ${url}: connect ECONNREFUSED`))
    expect(buyer.lines).not.toContain(SUCCESS)
    expect(await buyer.end('SIGINT')).toBe(0)
  })
})

describe('the bookthief', () => {
  it('succeeds by stealing where everything is permitted', async () => {
    proxy.name(BOOKSTORE, await start('bookstore', { IDENTITY: 'bookstore-v1' }).port())
    const thief = start('bookthief', { BOOKTHIEF_EXPECTED_RESPONSE_CODE: '200' })
    await thief.until(saysTimes(SUCCESS, 1))
    expect((await rawOf(thief))['booksStolen']).toBeGreaterThan(0)
  })

  it('succeeds by failing where it expects no answer', async () => {
    const thief = start('bookthief', {
      BOOKTHIEF_EXPECTED_RESPONSE_CODE: '0',
      http_proxy: 'http://127.0.0.1:1',
    })
    await thief.until(saysTimes(SUCCESS, 1))
    expect((await rawOf(thief))['booksStolen']).toBe(0)
  })
})

describe('a bookstore', () => {
  const sent = Object.fromEntries(TRACING_HEADERS.map((name, index) => [name, `${index}`.repeat(16)]))

  it('forwards the six tracing headers to the warehouse and back, and nothing else', async () => {
    const ordered = new Promise<IncomingMessage>(resolve => {
      void serve(resolve).then(port => proxy.name(WAREHOUSE, port))
    })
    const store = start('bookstore', { IDENTITY: 'bookstore-v1' })
    const selling = ask(`${await store.url()}/buy-a-book/new`, {
      headers: { ...sent, 'x-b3-sampled': '1', cookie: 'c=1' },
    })
    const first = await Promise.race([ordered.then(() => 'order'), selling.then(() => 'sale')])
    expect(first).toBe('order')
    const { method, url, headers } = await ordered
    expect([method, url, headers.host]).toEqual(['POST', '/restock-books', WAREHOUSE])
    const expected = Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value]),
    )
    expect(headers).toMatchObject(expected)
    const sale = await selling
    expect(sale.headers).toMatchObject({ ...expected, identity: 'bookstore-v1', booksbought: '1' })
    for (const name of ['x-b3-sampled', 'cookie']) {
      expect(headers).not.toHaveProperty(name)
      expect(sale.headers).not.toHaveProperty(name)
    }
    expect(store.lines).toContain('INF x-b3-sampled: 1 component=bookstore')
  })

  it('sells although the warehouse is away', async () => {
    const store = start('bookstore')
    const url = await store.url()
    expect((await ask(`${url}/buy-a-book/new`)).status).toBe(200)
    await store.until(saysPart(`RestockBooks: Error posting to http://${WAREHOUSE}/restock-books`))
    expect((await ask(`${url}/books-bought`)).headers).toMatchObject({
      booksbought: '1',
      identity: 'unidentified',
    })
  })

  it('can be told its count, and refuses what is none', async () => {
    const url = await start('bookstore').url()
    const post = (body: string) => ask(`${url}/books-bought`, { method: 'POST', body })
    expect((await post('41')).headers['booksbought']).toBe('41')
    expect((await post('many')).status).toBe(400)
    expect((await ask(`${url}/`)).body).toContain('<dd>41</dd>')
    await ask(`${url}/reset`)
    expect(JSON.parse((await ask(`${url}/raw`)).body)).toEqual({ booksSold: 0 })
  })

  it('answers probes, and knows what it does not serve', async () => {
    const url = await start('bookstore').url()
    const paths = ['/liveness', '/readiness', '/startup?verbose', '/nothing']
    const statuses = await Promise.all(paths.map(async path => (await ask(url + path)).status))
    expect(statuses).toEqual([200, 200, 200, 404])
    expect((await ask(`${url}/buy-a-book/new`, { method: 'POST' })).status).toBe(405)
  })

  it('finishes the sale in progress before it ends', async () => {
    const store = start('bookstore')
    const selling = ask(`${await store.url()}/buy-a-book/new`)
    await store.until(saysPart('Sleeping'))
    const ended = store.end()
    expect((await selling).status).toBe(200)
    expect(await ended).toBe(0)
  })

  it('fails in words when its port is taken', async () => {
    const port = await serve(() => undefined)
    const store = start('bookstore', {}, ['--port', String(port)])
    expect(await store.exited).toBe(1)
    expect(store.lines.join()).toMatch(`Failed to start HTTP server on port ${port}: listen EADDRINUSE`)
  })
})

describe('the bookwarehouse', () => {
  it('adds up, and succeeds from the third book on', async () => {
    const warehouse = start('bookwarehouse', { IDENTITY: 'bookwarehouse' })
    const url = await warehouse.url()
    const order = (path: string, body: string) => ask(url + path, { method: 'POST', body })
    expect((await order('/', '2')).body).toBe('{"restocked":2}')
    expect((await order('/restock-books', 'garbage')).body).toBe('{"restocked":0}')
    expect(warehouse.lines).not.toContain(SUCCESS)
    const reply = await order('/restock-books', '1')
    expect([reply.body, reply.headers['identity']]).toEqual(['{"restocked":1}', 'bookwarehouse'])
    await order('/restock-books', '1')
    await warehouse.until(saysTimes(SUCCESS, 2))
    expect(warehouse.lines).toContain(
      'INF Restocking bookstore with 1 new books; Total so far: 3 component=bookwarehouse',
    )
    expect((await ask(`${url}/restock-books`)).status).toBe(405)
    expect((await order('/', 'x'.repeat(70_000))).status).toBe(500)
  })

  it('waits for its database, and ends while it waits', async () => {
    const warehouse = start('bookwarehouse', { MYSQL_ADDRESS: '127.0.0.1:1' })
    await warehouse.until(saysPart('Booksdemo database is not ready'))
    expect(warehouse.lines.join()).toContain('Wait for 10s ...')
    expect(await warehouse.end()).toBe(0)
  })
})
