import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { ConfigAnswer, SidecarConfig } from '../../model/sidecar-config.ts'
import { encodeConfigAnswer, parseSidecarConfig } from '../../wire/sidecar-config-json.ts'

/** What a sidecar does to be configured, for tests. */
export interface ConfigListener {
  /** Lines so far. */
  readonly configs: readonly SidecarConfig[]
  readonly beats: number
  /** The next configuration that was not taken yet. */
  next(): Promise<SidecarConfig>
  /** Resolves when the control plane or the listener ended the stream. */
  readonly ended: Promise<void>
  answer(answer: ConfigAnswer): Promise<number>
  close(): Promise<void>
}

export async function listenForConfigs(url: string, podUid: string): Promise<ConfigListener> {
  const base = `${url}/v1/sidecars/${podUid}`
  const { asking, response } = await open(`${base}/config`)
  const configs: SidecarConfig[] = []
  const untaken: SidecarConfig[] = []
  const ended = Promise.withResolvers<void>()
  let beats = 0
  let arrived: () => void = () => undefined

  response.on('error', () => undefined)
  response.on('close', () => ended.resolve())
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
    arrived()
  })

  function take(line: string): void {
    if (line === '') {
      beats++
      return
    }
    const config = parseSidecarConfig(line)
    configs.push(config)
    untaken.push(config)
  }

  return {
    configs,
    get beats() {
      return beats
    },
    async next() {
      for (;;) {
        const config = untaken.shift()
        if (config !== undefined) return config
        await new Promise<void>(resolve => {
          arrived = resolve
        })
      }
    },
    ended: ended.promise,
    async answer(answer) {
      const posted = await fetch(`${base}/answer`, { method: 'POST', body: encodeConfigAnswer(answer) })
      await posted.arrayBuffer()
      return posted.status
    },
    async close() {
      asking.destroy()
      await ended.promise
    },
  }
}

/** Resolves with the answer, of which nothing is read yet. */
export async function open(url: string): Promise<{ asking: ClientRequest; response: IncomingMessage }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asking = get(url, { agent: false }, resolve)
  asking.on('error', reject)
  return { asking, response: await promise }
}
