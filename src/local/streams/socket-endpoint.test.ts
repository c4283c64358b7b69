import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { Attach, Exec, KubeConfig, PortForward, type V1Status } from '@kubernetes/client-node'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectSocket, connectTunnel, rawHandshake, type SocketClient } from './testing/socket-client.ts'
import {
  type StreamServer,
  startStreamServer,
  startTcpServer,
  type TcpServer,
} from './testing/stream-server.ts'

const POD = '/api/v1/namespaces/shop/pods/web-1'

let server: StreamServer
const opened: TcpServer[] = []

beforeEach(async () => {
  server = await startStreamServer()
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

function exec(query: string, protocol = 'v5.channel.k8s.io'): Promise<SocketClient> {
  return connectSocket({ port: server.port, path: `${POD}/exec?${query}`, protocol })
}

const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function nothingLeft(): Promise<void> {
  await vi.waitFor(() => {
    expect(server.streams.size).toBe(0)
    expect(server.target.running.size).toBe(0)
    expect(server.target.sockets.size).toBe(0)
  })
}

describe('exec over a WebSocket', () => {
  test('carries 3 MB through a process and back unchanged, and closes an input by itself (v5)', async () => {
    const client = await exec('command=cat&stdin=true&stdout=true&stderr=true')
    const sent = randomBytes(3_000_000)
    for (let at = 0; at < sent.length; at += 32_768) await client.send(0, sent.subarray(at, at + 32_768))
    await client.send(255, Buffer.from([0]))
    await client.until(() => client.closeCode !== undefined)
    expect(client.closeCode).toBe(1000)
    expect(sha(client.bytes(1))).toBe(sha(sent))
    expect(client.bytes(2)).toHaveLength(0)
    expect(JSON.parse(client.bytes(3).toString())).toEqual({ metadata: {}, status: 'Success' })
    await nothingLeft()
  })

  test('takes a message as large as all of the input, without holding more', async () => {
    const client = await exec('command=cat&stdin=true&stdout=true')
    const sent = randomBytes(3_000_000)
    await client.send(0, sent)
    await client.send(255, Buffer.from([0]))
    await client.until(() => client.closeCode !== undefined)
    expect(sha(client.bytes(1))).toBe(sha(sent))
  })

  test('tells that it is established before there is any output', async () => {
    const client = await exec('command=sleep&command=1000&stdout=true')
    await client.until(() => client.channels.has(1))
    expect(client.bytes(1)).toHaveLength(0)
    client.socket.terminate()
    await nothingLeft()
  })

  test('tells exit codes, ends by signals, and keeps stderr apart', async () => {
    const script = encodeURIComponent('echo out; echo err >&2; exit 3')
    const client = await exec(
      `command=sh&command=-c&command=${script}&stdout=true&stderr=true`,
      'v4.channel.k8s.io',
    )
    await client.until(() => client.closeCode !== undefined)
    expect(client.bytes(1).toString()).toBe('out\n')
    expect(client.bytes(2).toString()).toBe('err\n')
    expect(JSON.parse(client.bytes(3).toString())).toMatchObject({
      status: 'Failure',
      message: 'command terminated with non-zero exit code: exit status 3',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    })
    const killed = await exec(`command=sh&command=-c&command=${encodeURIComponent('kill -9 $$')}&stdout=true`)
    await killed.until(() => killed.closeCode !== undefined)
    expect(JSON.parse(killed.bytes(3).toString())).toMatchObject({
      details: { causes: [{ message: '137' }] },
    })
  })

  test('does it in base64, and tells the end as text, for those that agree to it', async () => {
    const script = encodeURIComponent('cat; exit 4')
    const query = `command=sh&command=-c&command=${script}&stdin=true&stdout=true`
    for (const protocol of ['base64.channel.k8s.io', 'v4.base64.channel.k8s.io']) {
      const client = await exec(query, protocol)
      client.socket.send(`0${Buffer.from('grüße').toString('base64')}`)
      const decoded = () =>
        (client.channels.get('1') ?? []).map(each => Buffer.from(each.toString(), 'base64'))
      await client.until(() => Buffer.concat(decoded()).toString() === 'grüße')
      client.socket.terminate()
    }
    await nothingLeft()
    const plain = await exec('command=sh&command=-c&command=exit+4&stdout=true', 'channel.k8s.io')
    await plain.until(() => plain.closeCode !== undefined)
    expect(plain.bytes(3).toString()).toBe('command terminated with non-zero exit code: exit status 4')
  })

  test('hands on the sizes of a terminal', async () => {
    const client = await exec('command=cat&stdin=true&stdout=true&tty=true')
    await client.send(4, '{"Width":80,"Height":24}')
    await client.send(4, '{"Width":132,"Height":50}\n')
    await vi.waitFor(() => expect(server.target.sizes).toEqual(['80x24', '132x50']))
    client.socket.terminate()
    await nothingLeft()
  })

  test('kills the process when the client vanishes, even while nothing is read from the client', async () => {
    await server.close()
    server = await startStreamServer({ pingMillis: 50 })
    const client = await exec('command=sleep&command=1000&stdin=true')
    await vi.waitFor(() => expect(server.target.running.size).toBe(1))
    for (let at = 0; at < 100; at++) client.socket.send(Buffer.alloc(60_000))
    await vi.waitFor(() => expect(client.socket.bufferedAmount).toBeGreaterThan(0))
    client.socket.terminate()
    await nothingLeft()
  })

  test('ends the process when the server closes', async () => {
    const client = await exec('command=sleep&command=1000&stdin=true')
    await vi.waitFor(() => expect(server.target.running.size).toBe(1))
    server.streams.close()
    await client.until(() => client.closeCode !== undefined)
    await nothingLeft()
  })

  test('refuses messages beyond the bound', async () => {
    await server.close()
    server = await startStreamServer({ messageBytes: 1_000 })
    const client = await exec('command=cat&stdin=true&stdout=true')
    await client.send(0, Buffer.alloc(1_000))
    await client.until(() => client.closeCode !== undefined)
    expect(client.closeCode).toBe(1009)
    await nothingLeft()
  })

  test('is pinged, and cut when nothing else goes over it for long', async () => {
    await server.close()
    server = await startStreamServer({ idleMillis: 300, pingMillis: 20 })
    const client = await exec('command=sleep&command=1000&stdin=true')
    let pings = 0
    client.socket.on('ping', () => pings++)
    await client.until(() => client.closeCode !== undefined)
    expect(pings).toBeGreaterThan(2)
    await nothingLeft()
  })

  test('ignores empty messages and channels that were not asked for', async () => {
    const client = await exec('command=cat&stdin=true&stdout=true')
    client.socket.send(Buffer.alloc(0))
    await client.send(9, 'x')
    await client.send(255, Buffer.from([9]))
    await client.send(255, Buffer.alloc(0))
    await client.send(0, 'fine')
    await client.send(255, Buffer.from([0]))
    await client.send(0, 'after the end')
    await client.until(() => client.closeCode !== undefined)
    expect(client.bytes(1).toString()).toBe('fine')
  })
})

describe('the handshake of a WebSocket', () => {
  test('answers with the subprotocol, also with one that is no HTTP token', async () => {
    const path = `${POD}/portforward`
    const protocol = 'SPDY/3.1+portforward.k8s.io'
    const answer = await rawHandshake({ port: server.port, path, protocol })
    expect(answer).toMatch(/^HTTP\/1.1 101 /)
    expect(answer).toContain(`\r\nSec-WebSocket-Protocol: ${protocol}\r\n`)
    await nothingLeft()
  })

  test('takes no token for a subprotocol', async () => {
    const protocol = 'base64url.bearer.authorization.k8s.io.dG9rZW4, v5.channel.k8s.io'
    const answer = await rawHandshake({
      port: server.port,
      path: `${POD}/exec?command=true&stdout=1`,
      protocol,
    })
    expect(answer).toContain('\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n')
    expect(answer).not.toContain('bearer')
  })

  test('lets clients offer none', async () => {
    const client = await connectSocket({
      port: server.port,
      path: `${POD}/exec?command=echo&command=hi&stdout=true`,
    })
    await client.until(() => client.closeCode !== undefined)
    expect(client.bytes(1).toString()).toBe('hi\n')
  })

  test('fails with 403 where nothing is common, and with 400 for requests that make no sense', async () => {
    const { port } = server
    const none = await rawHandshake({ port, path: `${POD}/exec?command=true&stdout=1`, protocol: 'chat' })
    expect(none).toMatch(/^HTTP\/1.1 403 /)
    for (const [query, message] of [
      ['exec?stdout=true', 'you must specify at least one command for the container'],
      ['attach?stdin=false', 'you must specify at least 1 of stdin, stdout, stderr'],
      ['portforward', 'query parameter \\"ports\\" is required'],
      ['portforward?ports=80,http', 'unable to parse \\"http\\" as a port'],
    ]) {
      const answer = await rawHandshake({ port, path: `${POD}/${query}`, protocol: 'v4.channel.k8s.io' })
      expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
      expect(answer.replaceAll('\\\\', '\\')).toContain(message)
    }
    expect(server.streams.size).toBe(0)
  })
})

describe('port-forward over a WebSocket', () => {
  test('gives each port two channels, which begin with the port', async () => {
    const echo = await tcpServer(socket => socket.pipe(socket))
    const closed = await startTcpServer(() => {})
    await closed.close()
    const ports = `ports=${echo.port}&ports=${closed.port}`
    const client = await connectSocket({
      port: server.port,
      path: `${POD}/portforward?${ports}`,
      protocol: 'v4.channel.k8s.io',
    })
    await client.send(0, 'hello')
    await client.until(() => client.bytes(0).length === 7 && client.bytes(3).length > 2)
    for (const channel of [0, 1]) expect(client.bytes(channel).readUInt16LE(0)).toBe(echo.port)
    for (const channel of [2, 3]) expect(client.bytes(channel).readUInt16LE(0)).toBe(closed.port)
    expect(client.bytes(0).toString('utf8', 2)).toBe('hello')
    expect(client.bytes(1)).toHaveLength(2)
    expect(client.bytes(3).toString('utf8', 2)).toMatch(
      /^error forwarding port \d+ to pod web-1, uid : dial tcp4 /,
    )
    client.socket.terminate()
    await nothingLeft()
  })

  test('is over when the pod has said all', async () => {
    const hello = await tcpServer(socket => socket.end('goodbye'))
    const client = await connectSocket({
      port: server.port,
      path: `${POD}/portforward?ports=${hello.port}`,
      protocol: 'portforward.k8s.io',
    })
    await client.until(() => client.closeCode !== undefined)
    expect(client.closeCode).toBe(1000)
    expect(client.bytes(0).toString('utf8', 2)).toBe('goodbye')
    await nothingLeft()
  })
})

describe('port-forward over SPDY in a WebSocket', () => {
  const tunnel = () =>
    connectTunnel({
      port: server.port,
      path: `${POD}/portforward`,
      protocol: 'SPDY/3.1+portforward.k8s.io',
    })

  test('carries several connections at once', async () => {
    const echo = await tcpServer(socket => socket.pipe(socket))
    const client = await tunnel()
    const sent = randomBytes(300_000)
    const pairs = ['0', '1', '2'].map(id => client.openPair(echo.port, id))
    for (const { data } of pairs) client.write(data, sent, true)
    await client.until(() => pairs.every(({ data, error }) => data.finished && error.finished))
    for (const { data } of pairs) expect(sha(Buffer.concat(data.chunks))).toBe(sha(sent))
    expect(server.streams.size).toBe(1)
    client.link.destroy()
    await nothingLeft()
  })

  test('leaves nothing behind when the client vanishes while a pod takes nothing', async () => {
    await server.close()
    server = await startStreamServer({ pingMillis: 50 })
    const deaf = await tcpServer(socket => socket.pause())
    const client = await tunnel()
    const { data } = client.openPair(deaf.port, '0')
    for (let sent = 0; sent < 400; sent++) client.write(data, Buffer.alloc(60_000))
    await vi.waitFor(() => expect(server.target.sockets.size).toBe(1))
    client.link.destroy()
    await nothingLeft()
  })
})

describe('@kubernetes/client-node', () => {
  function config(): KubeConfig {
    const kubeConfig = new KubeConfig()
    kubeConfig.loadFromOptions({
      clusters: [{ name: 'c', server: `http://127.0.0.1:${server.port}`, skipTLSVerify: true }],
      users: [{ name: 'u' }],
      contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
      currentContext: 'x',
    })
    return kubeConfig
  }

  test('execs with input, output and exit code', async () => {
    const sent = randomBytes(3_000_000)
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const received: Buffer[] = []
    stdout.on('data', chunk => received.push(chunk))
    const script = 'cat; echo err >&2; exit 6'
    const errors = stderr.setEncoding('utf8').toArray()
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config())
        .exec(
          'shop',
          'web-1',
          'main',
          ['sh', '-c', script],
          stdout,
          stderr,
          Readable.from([sent]),
          false,
          resolve,
        )
        .catch(reject)
    })
    expect(status).toMatchObject({ status: 'Failure', details: { causes: [{ message: '6' }] } })
    expect(sha(Buffer.concat(received))).toBe(sha(sent))
    expect((await errors).join('')).toBe('err\n')
    await nothingLeft()
  })

  test('attaches', async () => {
    const stdout = new PassThrough().setEncoding('utf8')
    const stdin = new PassThrough()
    const socket = await new Attach(config()).attach(
      'shop',
      'web-1',
      'main',
      stdout,
      new PassThrough(),
      stdin,
      false,
    )
    stdin.end('to the container')
    const [text] = await once(stdout, 'data')
    expect(text).toBe('to the container')
    socket.close()
    await nothingLeft()
  })

  test('forwards ports, several connections at once', async () => {
    const echo = await tcpServer(socket => socket.pipe(socket))
    await Promise.all(
      ['a', 'b', 'c'].map(async name => {
        const [output, errors, input] = [new PassThrough(), new PassThrough(), new PassThrough()]
        await new PortForward(config()).portForward('shop', 'web-1', [echo.port], output, errors, input)
        input.write(name.repeat(100_000))
        let size = 0
        for await (const chunk of output) {
          size += chunk.length
          if (size >= 100_000) break
        }
        expect(size).toBe(100_000)
        input.end()
      }),
    )
    await nothingLeft()
  })
})
