import { get } from 'node:https'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, issueServerCertificate } from './certificates/certificates.ts'
import { json, type Route, text } from './http-exchange.ts'
import { type HttpServer, startHttpServer } from './http-server.ts'
import { createLogger } from './logger.ts'

const lines: string[] = []
const logger = createLogger({ component: 'test', write: line => lines.push(line) })
const open: HttpServer[] = []

async function start(routes: readonly Route[]): Promise<string> {
  const server = await startHttpServer({ listen: { host: '127.0.0.1', port: 0 }, routes, logger })
  open.push(server)
  return server.url
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(server => server.close(0)))
  lines.length = 0
})

const echo: Route = {
  method: 'POST',
  path: '/echo',
  handle: async request => {
    const body = await request.body(1000)
    return body.status === 'read' ? text(200, Buffer.from(body.bytes).toString()) : json(body, 400)
  },
}

describe('the http server', () => {
  it('gives handlers decoded parameters and the query', async () => {
    const url = await start([
      {
        method: 'GET',
        path: '/s/:name/ops',
        handle: r => text(200, `${r.params['name']} ${r.query.get('q')}`),
      },
    ])
    const response = await fetch(`${url}/s/a%2Fb%20%E6%9C%AC/ops?q=%E2%9C%93`)
    expect(await response.text()).toBe('a/b 本 ✓')
  })

  it.each(['0.0.0.0', undefined])('has a URL that can be opened when it listens on %s', async host => {
    const server = await startHttpServer({ listen: { host, port: 0 }, routes: [echo], logger })
    open.push(server)
    expect(server.url).toBe(`http://localhost:${server.port}`)
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404)
  })

  it('answers 404 and 405', async () => {
    const url = await start([echo])
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
    const wrong = await fetch(`${url}/echo`)
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('POST')
  })

  it('reads plain and gzipped bodies, and refuses too large ones in either form', async () => {
    const url = await start([echo])
    const post = async (body: string | Uint8Array<ArrayBuffer>, encoding?: string) =>
      (
        await fetch(`${url}/echo`, {
          method: 'POST',
          body,
          headers: encoding === undefined ? {} : { 'content-encoding': encoding },
        })
      ).text()
    expect(await post('hello')).toBe('hello')
    expect(await post(new Uint8Array(gzipSync('hello')), 'gzip')).toBe('hello')
    expect(await post('x'.repeat(1001))).toContain('too-large')
    expect(await post(new Uint8Array(gzipSync('x'.repeat(1_000_000))), 'gzip')).toContain('too-large')
    expect(await post('hello', 'gzip')).toContain('undecodable')
    expect(await post('hello', 'br')).toContain('unsupported-encoding')
  })

  it('answers 500 and logs when a handler throws', async () => {
    const url = await start([
      {
        method: 'GET',
        path: '/',
        handle: () => {
          throw new Error('secret detail')
        },
      },
    ])
    const response = await fetch(url)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(lines.join()).toContain('secret detail')
  })

  it('compresses large answers for those who accept it, answers HEAD without a body', async () => {
    const url = await start([{ method: 'GET', path: '/big', handle: () => json('x'.repeat(10_000)) }])
    const response = await fetch(`${url}/big`)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(((await response.json()) as string).length).toBe(10_000)
    const head = await fetch(`${url}/big`, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
    expect(head.headers.get('content-length')).toBe('10002')
    expect(await head.text()).toBe('')
  })

  it('streams, and tells the handler when the client goes', async () => {
    const ended = Promise.withResolvers<void>()
    const url = await start([
      {
        method: 'GET',
        path: '/stream',
        handle: request => ({
          status: 200,
          body: (async function* () {
            yield 'first\n'
            await new Promise(resolve => request.signal.addEventListener('abort', resolve))
            ended.resolve()
          })(),
        }),
      },
    ])
    const response = await fetch(`${url}/stream`)
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first\n')
    await reader?.cancel()
    await ended.promise
  })

  it('breaks a stream off by its signal, also one that the client does not read', async () => {
    const cut = new AbortController()
    const stuck = Promise.withResolvers<void>()
    const url = await start([
      {
        method: 'GET',
        path: '/stream',
        handle: () => ({
          status: 200,
          signal: cut.signal,
          body: (async function* () {
            for (let megabytes = 0; ; megabytes++) {
              if (megabytes === 64) stuck.reject(new Error('the client took it all'))
              const deadline = setTimeout(stuck.resolve, 50)
              yield 'x'.repeat(1_000_000)
              clearTimeout(deadline)
            }
          })(),
        }),
      },
    ])
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    const gone = new Promise(resolve => socket.once('close', resolve))
    socket.pause()
    socket.write('GET /stream HTTP/1.1\r\nhost: a\r\n\r\n')
    await stuck.promise
    cut.abort()
    socket.resume()
    await gone
    expect(lines).toEqual([])
  })

  it('says which address is in use', async () => {
    const url = await start([])
    const port = Number(new URL(url).port)
    await expect(
      startHttpServer({ listen: { host: '127.0.0.1', port }, routes: [], logger }),
    ).rejects.toMatchObject({
      code: 'KISEKI_PORT_IN_USE',
      message: `cannot listen on 127.0.0.1:${port}: the address is in use`,
    })
  })

  it('hears out who is still sending when the answer is there', async () => {
    const url = await start([{ method: 'POST', path: '/deaf', handle: () => text(429, 'later') }])
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const errors: unknown[] = []
    const closed = new Promise(resolve => socket.once('close', resolve))
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part
    })
    socket.on('error', error => errors.push(error))
    socket.write('POST /deaf HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n')
    await expect.poll(() => answer).toMatch(/^HTTP\/1.1 429 (?:.*\r\n)*later$/)
    for (let sent = 0; sent < 10; sent++) {
      const error = await new Promise(resolve => socket.write('x'.repeat(100_000), resolve))
      if (error) errors.push(error)
      // Slowly, so that a reset would be met on the way.
      await sleep(5)
    }
    await closed
    expect(errors).toEqual([])
  })

  it('closes at once where clients have asked nothing', async () => {
    const url = await start([echo])
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await new Promise(resolve => socket.once('connect', resolve))
    const gone = new Promise(resolve => socket.once('close', resolve))
    await open.splice(0)[0]?.close(60_000)
    await gone
  })

  it('closes although a client holds its connection open', async () => {
    const url = await start([echo])
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    await new Promise(resolve => socket.once('connect', resolve))
    const gone = new Promise(resolve => socket.once('close', resolve))
    await open.splice(0)[0]?.close(0)
    await gone
  })

  it('speaks TLS, and lets what is running end there too', async () => {
    const lasting = { now: new Date(), validDays: 1 }
    const authority = await createAuthority({ commonName: 'authority of tests', ...lasting })
    const names = { commonName: 'server', dnsNames: [], ipAddresses: ['127.0.0.1'] }
    const { certPem, keyPem } = await issueServerCertificate({ authority, ...names, ...lasting })
    const asked = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const slow: Route = {
      method: 'GET',
      path: '/',
      handle: async () => {
        asked.resolve()
        await ended.promise
        return text(200, 'done')
      },
    }
    const tls = { key: keyPem, cert: certPem }
    const server = await startHttpServer({
      listen: { host: '127.0.0.1', port: 0 },
      routes: [slow],
      logger,
      tls,
    })
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`)
    const answer = new Promise<string>((resolve, reject) => {
      const exchange = get(server.url, { ca: authority.certPem, agent: false }, async response => {
        resolve(String(await response.setEncoding('utf8').toArray()))
      })
      exchange.on('error', reject)
    })
    await asked.promise
    const silent = connect(server.port, '127.0.0.1')
    await new Promise(resolve => silent.once('connect', resolve))
    const closed = server.close(60_000)
    ended.resolve()
    expect(await answer).toBe('done')
    await closed
  })
})
