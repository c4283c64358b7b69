import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface RunningBackend {
  readonly ui: string
  readonly zipkin: string
  readonly otlpHttp: string
  readonly admin: string
  /** A sample of its metrics by name, with labels. */
  metric(name: string): Promise<number>
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')
const FREE_PORTS = [
  'collector.zipkin',
  'collector.otlp.grpc',
  'collector.otlp.http',
  'query.http-server',
  'admin.http',
].map(name => `--${name}.host-port=127.0.0.1:0`)

/** `kiseki all-in-one` in a process of its own; `program` is its bundle or its source. */
export async function runBackend(
  flags: readonly string[] = [],
  program: string = join(root, 'src/cli/kiseki/main.ts'),
): Promise<RunningBackend> {
  const child = spawn(process.execPath, [program, 'all-in-one', ...FREE_PORTS, ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = new Promise(resolve => child.once('exit', resolve))
  const urls = await new Promise<Pick<RunningBackend, 'ui' | 'zipkin' | 'otlpHttp' | 'admin'>>(
    (resolve, reject) => {
      let output = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const ready = /^ready (.*)\n/m.exec(output)?.[1]
        if (ready !== undefined) resolve(JSON.parse(ready))
      })
      child.once('exit', code => reject(new Error(`kiseki ended with ${code}`)))
    },
  )
  return {
    ...urls,
    async metric(name) {
      const text = await (await fetch(`${urls.admin}/metrics`)).text()
      const line = text.split('\n').find(candidate => candidate.startsWith(`${name} `))
      return Number(line?.split(' ')[1] ?? Number.NaN)
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
