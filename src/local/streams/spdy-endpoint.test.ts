import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SpdyEncoder } from './spdy-encoder.ts'
import { RESET_STATUS } from './spdy-frame.ts'
import { connectSpdy, type SpdyClient, textOf, upgradeSpdy } from './testing/spdy-client.ts'
import {
  type StreamServer,
  startStreamServer,
  startTcpServer,
  type TcpServer,
} from './testing/stream-server.ts'

const POD = '/api/v1/namespaces/shop/pods/web-1'
const V4 = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io']

let server: StreamServer
const opened: TcpServer[] = []

beforeEach(async () => {
  server = await startStreamServer({ lingerMillis: 200 })
})

afterEach(async () => {
  await server.close()
  for (const each of opened.splice(0)) await each.close()
})

async function tcpServer(...serve: Parameters<typeof startTcpServer>): Promise<TcpServer> {
  const started = await startTcpServer(...serve)
  opened.push(started)
  return started
}

function forward(): Promise<SpdyClient> {
  return connectSpdy({ port: server.port, path: `${POD}/portforward`, protocols: ['portforward.k8s.io'] })
}

function exec(query: string, protocols: readonly string[] = V4): Promise<SpdyClient> {
  return connectSpdy({ port: server.port, path: `${POD}/exec?${query}`, protocols })
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function nothingLeft(): Promise<void> {
  await vi.waitFor(() => {
    expect(server.streams.size).toBe(0)
    expect(server.target.running.size).toBe(0)
    expect(server.target.sockets.size).toBe(0)
  })
}

describe('the agreement on a protocol', () => {
  test('follows the order of the client', async () => {
    const answer = await upgradeSpdy({
      port: server.port,
      path: `${POD}/exec?command=true&stdout=true`,
      protocols: ['v5.channel.k8s.io', 'v3.channel.k8s.io', 'v4.channel.k8s.io'],
    })
    expect(answer).toMatchObject({ protocol: 'v3.channel.k8s.io' })
  })

  test('fails with 403 and the list of the server where nothing is common, with 400 where nothing is offered', async () => {
    const path = `${POD}/portforward`
    const none = await upgradeSpdy({ port: server.port, path, protocols: ['a', 'b'] })
    expect(none).toMatchObject({
      status: 403,
      body: 'unable to upgrade: unable to negotiate protocol: client supports [a b], server accepts [portforward.k8s.io]\n',
      headers: { 'x-accepted-stream-protocol-versions': 'portforward.k8s.io' },
    })
    const empty = await upgradeSpdy({ port: server.port, path, protocols: [] })
    expect(empty).toMatchObject({
      status: 400,
      body: expect.stringContaining('X-Stream-Protocol-Version is required'),
    })
  })

  test('fails for other upgrades and for commands that ask for nothing, with a Status', async () => {
    const other = await upgradeSpdy({ port: server.port, path: `${POD}/exec`, protocols: V4, upgrade: 'h2c' })
    expect(other).toMatchObject({ status: 400 })
    expect('body' in other && JSON.parse(other.body)).toMatchObject({
      kind: 'Status',
      reason: 'BadRequest',
      message: 'Upgrade request required',
    })
    const silent = await upgradeSpdy({ port: server.port, path: `${POD}/exec?command=ls`, protocols: V4 })
    expect('body' in silent && JSON.parse(silent.body)).toMatchObject({
      message: 'you must specify at least 1 of stdin, stdout, stderr',
    })
  })
})

describe('exec over SPDY', () => {
  test('carries 3 MB through a process and back unchanged', async () => {
    const client = await exec('command=cat&stdin=true&stdout=true')
    const error = client.open({ streamtype: 'error' })
    const stdin = client.open({ streamtype: 'stdin' })
    const stdout = client.open({ streamtype: 'stdout' })
    const sent = randomBytes(3_000_000)
    for (let at = 0; at < sent.length; at += 40_000)
      if (!client.write(stdin, sent.subarray(at, at + 40_000))) await once(client.link, 'drain')
    client.write(stdin, '', true)
    await client.until(() => error.finished)
    expect(stdout.finished).toBe(true)
    expect(sha(Buffer.concat(stdout.chunks))).toBe(sha(sent))
    expect(JSON.parse(textOf(error))).toEqual({ metadata: {}, status: 'Success' })
    client.link.destroy()
    await nothingLeft()
  })

  test('tells exit codes and keeps stderr apart', async () => {
    const query = new URLSearchParams([
      ['command', 'sh'],
      ['command', '-c'],
      ['command', 'echo out; echo err >&2; exit 3'],
      ['stdout', 'true'],
      ['stderr', '1'],
      ['container', 'main'],
    ])
    const client = await exec(`${query}`)
    const [error, stdout, stderr] = ['error', 'stdout', 'stderr'].map(type =>
      client.open({ streamtype: type }),
    )
    if (error === undefined || stdout === undefined || stderr === undefined) throw new Error('unreachable')
    await client.until(() => error.finished)
    expect(textOf(stdout)).toBe('out\n')
    expect(textOf(stderr)).toBe('err\n')
    expect(JSON.parse(textOf(error))).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    })
    expect(server.target.asked).toMatchObject([
      { pod: { namespace: 'shop', name: 'web-1' }, container: 'main', stdin: false, tty: false },
    ])
    // The server closes by itself when the client does not.
    await client.until(() => client.closed)
    expect(client.frames.at(-1)).toMatchObject({ type: 'goaway', status: 0 })
    await nothingLeft()
  })

  test('tells the end as text before v4, and nothing for success', async () => {
    const failing = await exec('command=sh&command=-c&command=exit+9&stdout=true', ['v2.channel.k8s.io'])
    const error = failing.open({ streamtype: 'error' })
    failing.open({ streamtype: 'stdout' })
    await failing.until(() => error.finished)
    expect(textOf(error)).toBe('command terminated with non-zero exit code: exit status 9')

    const fine = await exec('command=true&stdout=true', ['channel.k8s.io'])
    const silent = fine.open({ streamtype: 'error' })
    fine.open({ streamtype: 'stdout' })
    await fine.until(() => silent.finished)
    expect(textOf(silent)).toBe('')
  })

  test('tells why a command cannot be started', async () => {
    const client = await exec('command=missing&stdout=true')
    const error = client.open({ streamtype: 'error' })
    const stdout = client.open({ streamtype: 'stdout' })
    await client.until(() => error.finished && stdout.finished)
    expect(JSON.parse(textOf(error))).toMatchObject({
      reason: 'InternalError',
      message: 'Internal error occurred: error executing command in container: exec: "missing": not found',
    })
  })

  test('hands on the sizes of a terminal', async () => {
    const client = await exec('command=cat&stdin=true&stdout=true&stderr=true&tty=true')
    for (const type of ['error', 'stdin', 'stdout']) client.open({ streamtype: type })
    const resize = client.open({ streamtype: 'resize' })
    client.write(resize, '{"Width":80,"Hei')
    client.write(resize, 'ght":24}\n{"Width":-1,"Height":0}nonsense}{"Width":132,"Height":50}\n')
    await vi.waitFor(() => expect(server.target.sizes).toEqual(['80x24', '132x50']))
    client.link.destroy()
    await nothingLeft()
  })

  test('kills the process when the client vanishes, even while nothing is read from the client', async () => {
    await server.close()
    server = await startStreamServer({ pingMillis: 50 })
    const client = await exec('command=sleep&command=1000&stdin=true')
    client.open({ streamtype: 'error' })
    const stdin = client.open({ streamtype: 'stdin' })
    await vi.waitFor(() => expect(server.target.running.size).toBe(1))
    // Sleep reads nothing: after what pipes and buffers take, the connection stands still.
    while (client.write(stdin, Buffer.alloc(60_000)));
    client.link.destroy()
    await nothingLeft()
  })

  test('does not wait for ever for what a process left behind', async () => {
    await server.close()
    server = await startStreamServer({ quietMillis: 100, lingerMillis: 100 })
    const client = await exec('command=sh&command=-c&command=sleep+2+%26+echo+started&stdout=true')
    const error = client.open({ streamtype: 'error' })
    const stdout = client.open({ streamtype: 'stdout' })
    await client.until(() => error.finished)
    expect(textOf(stdout)).toBe('started\n')
  })

  test('takes streams that it never uses, refuses unknown ones, and gives up on those that never come', async () => {
    await server.close()
    server = await startStreamServer({ creationMillis: 100 })
    const client = await exec('command=cat&stdout=true')
    const stdin = client.open({ streamtype: 'stdin' })
    const stdout = client.open({ streamtype: 'stdout' })
    const refused = [
      client.open({ streamtype: 'stdout' }),
      client.open({ streamtype: 'other' }),
      client.open({}),
    ]
    await client.until(() => client.closed)
    expect(stdin).toMatchObject({ finished: true, reset: undefined })
    expect(stdout).toMatchObject({ replied: true, finished: false, reset: undefined })
    for (const each of refused) expect(each.reset).toBe(RESET_STATUS.cancel)
    expect(server.target.asked).toEqual([])
    await nothingLeft()
  })
})

describe('attach over SPDY', () => {
  test('joins the process of the container', async () => {
    const client = await connectSpdy({
      port: server.port,
      path: `${POD}/attach?stdin=true&stdout=true`,
      protocols: V4,
    })
    const error = client.open({ streamtype: 'error' })
    const stdin = client.open({ streamtype: 'stdin' })
    const stdout = client.open({ streamtype: 'stdout' })
    client.write(stdin, 'hello', true)
    await client.until(() => error.finished)
    expect(textOf(stdout)).toBe('hello')
  })
})

describe('port-forward over SPDY', () => {
  test('carries several connections at once, each with its own end', async () => {
    const echo = await tcpServer(socket => socket.pipe(socket))
    const client = await forward()
    const pairs = Array.from({ length: 8 }, (_, index) => client.openPair(echo.port, `${index}`))
    const sent = pairs.map(() => randomBytes(200_000))
    for (const [index, { data }] of pairs.entries()) client.write(data, sent[index] ?? '', true)
    await client.until(() => pairs.every(({ data, error }) => data.finished && error.finished))
    for (const [index, { data, error }] of pairs.entries()) {
      expect(sha(Buffer.concat(data.chunks))).toBe(sha(sent[index] ?? Buffer.alloc(0)))
      expect(textOf(error)).toBe('')
    }
    await vi.waitFor(() => expect(server.target.sockets.size).toBe(0))
    expect(server.streams.size).toBe(1)
    client.send({ type: 'goaway', lastStreamId: 0, status: 0 })
    await client.until(() => client.closed)
    await nothingLeft()
  })

  test('lets the pod answer after the client said all, and the client after the pod did', async () => {
    const late = await tcpServer(socket => {
      socket.on('end', () => socket.end('after your end'))
      socket.resume()
    })
    const heard: string[] = []
    const early = await tcpServer(socket => {
      socket.end('before your end')
      socket.on('data', data => heard.push(data.toString()))
    })
    const client = await forward()
    const first = client.openPair(late.port, '0')
    client.write(first.data, 'question', true)
    await client.until(() => first.data.finished)
    expect(textOf(first.data)).toBe('after your end')
    const second = client.openPair(early.port, '1')
    await client.until(() => second.data.finished && second.error.finished)
    client.write(second.data, 'still here', true)
    await vi.waitFor(() => expect(heard).toEqual(['still here']))
    client.link.destroy()
    await nothingLeft()
  })

  test('tells a port that is closed in the words of kubelet, and goes on with others', async () => {
    const closed = await startTcpServer(() => {})
    await closed.close()
    const echo = await tcpServer(socket => socket.pipe(socket))
    const client = await forward()
    const broken = client.openPair(closed.port, '0')
    await client.until(() => broken.error.finished && broken.data.finished)
    expect(textOf(broken.error)).toMatch(
      new RegExp(
        `^error forwarding port ${closed.port} to pod web-1, uid : dial tcp4 127.0.0.1:${closed.port}: .*ECONNREFUSED`,
      ),
    )
    const fine = client.openPair(echo.port, '1')
    client.write(fine.data, 'hi', true)
    await client.until(() => fine.data.finished)
    expect(textOf(fine.data)).toBe('hi')
    client.link.destroy()
    await nothingLeft()
  })

  test('resets the stream when the pod breaks off, and breaks off when the stream is reset', async () => {
    const rude = await tcpServer(socket => socket.once('data', () => socket.resetAndDestroy()))
    const echo = await tcpServer(socket => socket.pipe(socket))
    const client = await forward()
    const first = client.openPair(rude.port, '0')
    client.write(first.data, 'x')
    await client.until(() => first.data.reset !== undefined && first.error.finished)
    const second = client.openPair(echo.port, '1')
    client.write(second.data, 'x')
    await client.until(() => textOf(second.data) === 'x')
    client.send({ type: 'rst-stream', streamId: second.data.id, status: RESET_STATUS.cancel })
    await client.until(() => second.error.finished)
    await vi.waitFor(() => expect(server.target.sockets.size).toBe(0))
    client.link.destroy()
    await nothingLeft()
  })

  test('does not gather what a client does not read', async () => {
    let written = 0
    const flood = await tcpServer(socket => {
      const chunk = Buffer.alloc(65_536)
      const more = () => {
        while (!socket.destroyed && socket.write(chunk)) written += chunk.length
      }
      socket.on('drain', () => {
        written += chunk.length
        more()
      })
      more()
    })
    const client = await forward()
    const { data } = client.openPair(flood.port, '0')
    await client.until(() => data.chunks.length > 0)
    client.link.pause()
    let before = -1
    await vi.waitFor(
      () => {
        const now = written
        const still = now === before
        before = now
        expect(still).toBe(true)
      },
      { interval: 300, timeout: 20_000 },
    )
    expect(written).toBeLessThan(64 * 1024 * 1024)
    client.link.destroy()
    await nothingLeft()
  })

  test('refuses streams without port or type, and a second one of a pair', async () => {
    const client = await forward()
    const bad = [
      client.open({ streamtype: 'data', requestid: '0' }),
      client.open({ streamtype: 'data', port: '65536', requestid: '0' }),
      client.open({ streamtype: 'other', port: '80', requestid: '0' }),
    ]
    await client.until(() => bad.every(each => each.reset !== undefined))
    client.open({ streamtype: 'error', port: '80', requestid: '7' })
    const again = client.open({ streamtype: 'error', port: '80', requestid: '7' })
    await client.until(() => again.finished)
    expect(textOf(again)).toBe('error processing stream for request 7: error stream already assigned')
    client.link.destroy()
    await nothingLeft()
  })

  test('pairs the streams of clients that give no id, and tells of those that stay alone', async () => {
    await server.close()
    server = await startStreamServer({ creationMillis: 200 })
    const echo = await tcpServer(socket => socket.pipe(socket))
    const client = await forward()
    client.open({ streamtype: 'error', port: `${echo.port}` })
    const data = client.open({ streamtype: 'data', port: `${echo.port}` })
    client.write(data, 'old', true)
    await client.until(() => data.finished)
    expect(textOf(data)).toBe('old')
    const lonely = client.open({ streamtype: 'error', port: '80', requestid: '5' })
    await client.until(() => lonely.finished)
    expect(textOf(lonely)).toBe('(request=5) timed out waiting for streams')
    client.link.destroy()
    await nothingLeft()
  })
})

describe('a SPDY connection', () => {
  test('answers pings, and counts the streams of a client', async () => {
    await server.close()
    server = await startStreamServer({ streams: 2 })
    const client = await forward()
    client.send({ type: 'ping', id: 1 })
    await client.until(() => client.frames.some(frame => frame.type === 'ping' && frame.id === 1))
    const streams = ['0', '1', '2'].map(id => client.open({ streamtype: 'error', port: '80', requestid: id }))
    await client.until(() => streams[2]?.reset !== undefined)
    expect(streams.map(each => each.reset)).toEqual([undefined, undefined, RESET_STATUS.refusedStream])
    client.link.destroy()
    await nothingLeft()
  })

  test('no longer listens to a client that takes no answers', async () => {
    const client = await forward()
    client.link.pause()
    const ping = new SpdyEncoder().encode({ type: 'ping', id: 1 })
    const pings = Buffer.concat(Array.from({ length: 5_000 }, () => ping))
    // Goes on for ever where the server keeps the answers.
    while (client.link.writableLength < 1_000_000) {
      client.link.write(pings)
      await new Promise(resolve => setImmediate(resolve))
    }
    client.link.destroy()
    await nothingLeft()
  })

  test('refuses ids that are even or go back, and data on streams that never were', async () => {
    const client = await forward()
    const opening = { type: 'syn-stream', fin: false, unidirectional: false, headers: new Map() } as const
    client.send({ ...opening, streamId: 2 })
    client.send({ type: 'data', streamId: 99, fin: false, bytes: Buffer.from('x') })
    await client.until(() => client.frames.length === 2)
    expect(client.frames).toMatchObject([
      { type: 'rst-stream', streamId: 2, status: RESET_STATUS.protocolError },
      { type: 'rst-stream', streamId: 99, status: RESET_STATUS.invalidStream },
    ])
    client.link.destroy()
  })

  test('is broken off with a GOAWAY for what is not SPDY', async () => {
    const client = await forward()
    client.link.write('\x80\x02\x00\x01\x00\x00\x00\x00')
    await client.until(() => client.closed)
    expect(client.frames).toMatchObject([{ type: 'goaway', status: 1 }])
    await nothingLeft()
  })

  test('is cut when nothing but pings goes over it for long', async () => {
    await server.close()
    server = await startStreamServer({ idleMillis: 300, pingMillis: 20 })
    const client = await forward()
    await client.until(() => client.closed)
    expect(client.frames.filter(frame => frame.type === 'ping').length).toBeGreaterThan(2)
    await nothingLeft()
  })

  test('is refused beyond the bound, and cut when the server closes', async () => {
    await server.close()
    server = await startStreamServer({ connections: 1 })
    const client = await forward()
    const refused = await upgradeSpdy({
      port: server.port,
      path: `${POD}/portforward`,
      protocols: ['portforward.k8s.io'],
    })
    expect(refused).toMatchObject({ status: 503, body: expect.stringContaining('ServiceUnavailable') })
    server.streams.close()
    await client.until(() => client.closed)
    await nothingLeft()
  })
})
