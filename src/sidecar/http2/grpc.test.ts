import { randomBytes } from 'node:crypto'
import * as grpc from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { closedAfterEach } from '../testing/cleanup.ts'
import { clusterOf, eventually, type Rig, type RigOptions, startRig } from '../testing/rig.ts'

const closing = closedAfterEach()

const same = (bytes: Buffer): Buffer => bytes
const methods = {
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
}
const SERVICE: grpc.ServiceDefinition = {
  unary: { path: '/books.Shelf/Unary', requestStream: false, responseStream: false, ...methods },
  upload: { path: '/books.Shelf/Upload', requestStream: true, responseStream: false, ...methods },
  list: { path: '/books.Shelf/List', requestStream: false, responseStream: true, ...methods },
  chat: { path: '/books.Shelf/Chat', requestStream: true, responseStream: true, ...methods },
  fail: { path: '/books.Shelf/Fail', requestStream: false, responseStream: false, ...methods },
  sleep: { path: '/books.Shelf/Sleep', requestStream: false, responseStream: false, ...methods },
}
const Client = grpc.makeGenericClientConstructor(SERVICE, 'Shelf')

/** Calls that nobody answers. */
const asleep: grpc.ServerUnaryCall<Buffer, Buffer>[] = []

const LARGE = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 }

async function startServer(
  seen: grpc.Metadata[],
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = new grpc.Server(LARGE)
  server.addService(SERVICE, {
    unary: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
      seen.push(call.metadata)
      const initial = new grpc.Metadata()
      initial.set('x-initial', 'first')
      call.sendMetadata(initial)
      const trailing = new grpc.Metadata()
      trailing.set('x-bin-bin', Buffer.from([0, 255]))
      done(null, call.request, trailing)
    },
    upload: (call: grpc.ServerReadableStream<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
      let length = 0
      call.on('data', (part: Buffer) => (length += part.length))
      call.on('end', () => done(null, Buffer.from(String(length))))
    },
    list: (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
      for (let at = 0; at < 500; at++) call.write(Buffer.from(`book ${at}`))
      call.end()
    },
    chat: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
      call.on('data', (part: Buffer) => call.write(part))
      call.on('end', () => call.end())
    },
    fail: (call: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) =>
      done({ code: Number(call.request.toString()), details: 'as asked' }),
    sleep: (call: grpc.ServerUnaryCall<Buffer, Buffer>) => {
      asleep.push(call)
    },
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  )
  return {
    port,
    close: () => {
      server.forceShutdown()
      return Promise.resolve()
    },
  }
}

interface Mesh {
  readonly client: grpc.Client
  readonly caller: Rig
  readonly callee: Rig
  readonly seen: grpc.Metadata[]
}

/** A client, its sidecar, the sidecar of a server, and the server. */
async function startMesh(options: RigOptions = {}, proxied = false): Promise<Mesh> {
  const seen: grpc.Metadata[] = []
  const server = closing(await startServer(seen))
  const callee = closing(
    await startRig({ ...options, workload: 'shelf', inbound: { '9001': { appPort: server.port } } }),
  )
  const endpoint = {
    address: '127.0.0.1',
    port: 9001,
    weight: 1,
    via: { address: '127.0.0.1', port: callee.inbound },
  }
  const caller = closing(
    await startRig({
      ...options,
      hosts: { 'books.shop:80': 'shop/books|80' },
      clusters: { 'shop/books|80': { protocol: 'http', endpoints: [endpoint] } },
    }),
  )
  const client = proxied ? proxiedClient(caller) : directClient(caller)
  closing({ close: () => Promise.resolve(client.close()) })
  return { client, caller, callee, seen }
}

function directClient(rig: Rig): grpc.Client {
  const options = { ...LARGE, 'grpc.default_authority': 'books.shop:80', 'grpc.enable_http_proxy': 0 }
  return new Client(`127.0.0.1:${rig.outbound}`, grpc.credentials.createInsecure(), options)
}

function proxiedClient(rig: Rig): grpc.Client {
  process.env['grpc_proxy'] = `http://127.0.0.1:${rig.outbound}`
  try {
    return new Client('books.shop:80', grpc.credentials.createInsecure(), LARGE)
  } finally {
    delete process.env['grpc_proxy']
  }
}

interface Outcome {
  readonly body: Buffer | undefined
  readonly error: grpc.ServiceError | null
  readonly trailers: grpc.Metadata | undefined
  readonly initial: grpc.Metadata | undefined
}

function call(
  client: grpc.Client,
  method: string,
  body: Buffer,
  options: grpc.CallOptions = {},
  metadata = new grpc.Metadata(),
): Promise<Outcome> {
  return new Promise(resolve => {
    let trailers: grpc.Metadata | undefined
    let initial: grpc.Metadata | undefined
    let result: { error: grpc.ServiceError | null; body: Buffer | undefined } | undefined
    const running = client.makeUnaryRequest(
      `/books.Shelf/${method}`,
      same,
      same,
      body,
      metadata,
      options,
      (error, answer) => {
        result = { error, body: answer }
        if (trailers !== undefined) resolve({ ...result, trailers, initial })
      },
    )
    running.on('metadata', sent => (initial = sent))
    running.on('status', status => {
      trailers = status.metadata
      if (result !== undefined) resolve({ ...result, trailers, initial })
    })
  })
}

describe('a gRPC call through two sidecars', () => {
  it.each([false, true])(
    'comes through with metadata and trailers (as a proxy: %s), and is traced',
    async proxied => {
      const { client, caller, callee, seen } = await startMesh({}, proxied)
      const metadata = new grpc.Metadata()
      metadata.set('x-own', 'mine')
      const { body, error, trailers, initial } = await call(
        client,
        'Unary',
        Buffer.from('hello'),
        {},
        metadata,
      )
      expect([error, body?.toString()]).toEqual([null, 'hello'])
      expect(initial?.get('x-initial')).toEqual(['first'])
      expect(trailers?.get('x-bin-bin')).toEqual([Buffer.from([0, 255])])
      expect(seen[0]?.get('x-own')).toEqual(['mine'])
      await caller.stopSidecar()
      await callee.stopSidecar()
      const [sent] = caller.collector.spans
      const [taken] = callee.collector.spans
      expect(sent).toMatchObject({
        kind: 'CLIENT',
        name: 'POST /books.Shelf/Unary',
        tags: {
          'http.method': 'POST',
          'http.protocol': 'HTTP/2',
          'http.status_code': '200',
          'rpc.system': 'grpc',
          'grpc.status_code': '0',
          'rpc.grpc.status_code': '0',
          request_size: '10',
          response_size: '10',
          'peer.address': '127.0.0.1:9001',
        },
      })
      expect(taken).toMatchObject({ kind: 'SERVER', traceId: sent?.traceId, id: sent?.id, shared: true })
      expect([sent?.tags['error'], taken?.tags['error']]).toEqual([undefined, undefined])
      expect(seen[0]?.get('x-b3-traceid')).toEqual([sent?.traceId])
    },
  )

  it('carries large messages both ways', async () => {
    const { client } = await startMesh()
    const body = randomBytes(6_000_000)
    expect((await call(client, 'Unary', body)).body?.equals(body)).toBe(true)
  })

  it('streams from the client, from the server, and both', async () => {
    const { client, caller } = await startMesh()
    const uploaded = await new Promise<string>((resolve, reject) => {
      const stream = client.makeClientStreamRequest(
        '/books.Shelf/Upload',
        same,
        same,
        (error, answer?: Buffer) => (error === null ? resolve(String(answer)) : reject(error)),
      )
      for (let at = 0; at < 200; at++) stream.write(randomBytes(2000))
      stream.end()
    })
    expect(uploaded).toBe('400000')
    const listed: string[] = []
    await new Promise((resolve, reject) =>
      client
        .makeServerStreamRequest('/books.Shelf/List', same, same, Buffer.alloc(0))
        .on('data', part => listed.push(String(part)))
        .on('error', reject)
        .on('end', resolve),
    )
    expect([listed.length, listed[499]]).toEqual([500, 'book 499'])
    const chat = client.makeBidiStreamRequest('/books.Shelf/Chat', same, same)
    const heard: string[] = []
    chat.on('data', part => heard.push(String(part)))
    for (let at = 0; at < 20; at++) {
      chat.write(Buffer.from(`line ${at}`))
      await eventually(() => heard.length === at + 1)
    }
    chat.end()
    await new Promise(resolve => chat.on('end', resolve))
    expect(heard[19]).toBe('line 19')
    await caller.stopSidecar()
    expect(caller.collector.spans.map(({ tags }) => tags['grpc.status_code'])).toEqual(['0', '0', '0'])
  })

  it('runs beside 1000 others', async () => {
    const { client, caller, callee } = await startMesh({ timeoutMillis: 30_000 })
    const bodies = Array.from({ length: 1000 }, (_, at) => randomBytes(at * 10))
    const answers = await Promise.all(bodies.map(body => call(client, 'Unary', body)))
    expect(answers.map(({ error }) => error)).toEqual(answers.map(() => null))
    expect(answers.every(({ body }, at) => body !== undefined && bodies[at]?.equals(body))).toBe(true)
    await caller.stopSidecar()
    await callee.stopSidecar()
    const statuses = [caller, callee].map(rig =>
      rig.collector.spans.map(({ tags }) => tags['grpc.status_code']),
    )
    expect(statuses).toEqual([Array(1000).fill('0'), Array(1000).fill('0')])
  })

  it('is not harmed by a callee that drains: new calls go by its other connections, none fails', async () => {
    const { client, caller, callee } = await startMesh({ drainMillis: 1000 })
    expect((await call(client, 'Unary', Buffer.from('before'))).error).toBeNull()
    let draining = true
    const stopped = callee.stopSidecar().then(() => (draining = false))
    const ended: (grpc.ServiceError | null)[] = []
    // The endpoint is taken out of the configuration while it drains, as by the control plane.
    const server = closing(await startServer([]))
    const elsewhere = {
      hosts: { 'books.shop:80': 'shop/books|80' },
      clusters: { 'shop/books|80': clusterOf(server.port) },
    }
    let moved: Promise<unknown> | undefined
    while (draining) {
      ended.push((await call(client, 'Unary', Buffer.from('during'))).error)
      if (ended.length === 1) moved = caller.reconfigure(elsewhere)
    }
    await Promise.all([stopped, moved])
    expect(ended.length).toBeGreaterThan(1)
    expect(ended.filter(error => error !== null)).toEqual([])
  })
})

describe('a gRPC call that fails', () => {
  it('is an error of the client always, of the server where it is its fault', async () => {
    const { client, caller, callee } = await startMesh()
    for (const code of [5, 13]) {
      const { error } = await call(client, 'Fail', Buffer.from(String(code)))
      expect([error?.code, error?.details]).toEqual([code, 'as asked'])
    }
    await caller.stopSidecar()
    await callee.stopSidecar()
    const errorsOf = (rig: Rig): (string | undefined)[] =>
      rig.collector.spans.map(({ tags }) => tags['error'])
    expect(errorsOf(caller)).toEqual(['grpc-status 5 NOT_FOUND', 'grpc-status 13 INTERNAL'])
    expect(errorsOf(callee)).toEqual([undefined, 'grpc-status 13 INTERNAL'])
    expect(caller.collector.spans[0]?.tags).toMatchObject({
      'grpc.status_code': '5',
      'grpc.message': 'as asked',
    })
  })

  it('by its deadline is seen so by the client, and as given up by the sidecars', async () => {
    const { client, caller } = await startMesh()
    const { error } = await call(client, 'Sleep', Buffer.alloc(0), { deadline: Date.now() + 200 })
    expect(error?.code).toBe(grpc.status.DEADLINE_EXCEEDED)
    await caller.stopSidecar()
    expect(caller.collector.spans[0]?.tags['error']).toBe(
      'the client went away before the response was complete',
    )
  })

  it('because its client gives it up is given up by the server, too', async () => {
    const { client, caller, callee } = await startMesh()
    asleep.length = 0
    const running = client.makeUnaryRequest(
      '/books.Shelf/Sleep',
      same,
      same,
      Buffer.from('x'),
      () => undefined,
    )
    await eventually(() => asleep.length === 1)
    running.cancel()
    await eventually(() => asleep[0]?.cancelled === true)
    await caller.stopSidecar()
    await callee.stopSidecar()
    for (const rig of [caller, callee]) {
      expect(rig.collector.spans.map(({ tags }) => tags['error'])).toEqual([
        'the client went away before the response was complete',
      ])
    }
  })

  it('because its method is not known has the status of the server', async () => {
    const { client } = await startMesh()
    expect((await call(client, 'Nothing', Buffer.alloc(0))).error?.code).toBe(grpc.status.UNIMPLEMENTED)
  })

  it('because the endpoint is away is UNAVAILABLE, and works again when it is back', async () => {
    const { client, callee, caller } = await startMesh({ timeoutMillis: 1000 })
    await callee.stopSidecar()
    const { error } = await call(client, 'Unary', Buffer.from('x'))
    expect(error?.code).toBe(grpc.status.UNAVAILABLE)
    expect(error?.metadata.get('x-kiseki-reason')).toEqual(['connect-failed'])
    const server = closing(await startServer([]))
    await caller.reconfigure({
      hosts: { 'books.shop:80': 'shop/books|80' },
      clusters: {
        'shop/books|80': {
          protocol: 'http',
          endpoints: [{ address: '127.0.0.1', port: server.port, weight: 1 }],
        },
      },
    })
    expect((await call(client, 'Unary', Buffer.from('x'))).error).toBeNull()
  })

  it('because nothing comes in time is DEADLINE_EXCEEDED', async () => {
    const { client } = await startMesh({ timeoutMillis: 300 })
    const { error } = await call(client, 'Sleep', Buffer.alloc(0))
    expect([error?.code, error?.details]).toEqual([4, 'the endpoint took too long to respond'])
  })
})
