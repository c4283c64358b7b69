import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

export const MAIN: string = join(import.meta.dirname, '../main.ts')

/** Flags by which every door takes a free port. */
export const FREE_PORTS: readonly string[] = [
  'collector.zipkin',
  'collector.otlp.grpc',
  'collector.otlp.http',
  'query.http-server',
  'admin.http',
].map(name => `--${name}.host-port=127.0.0.1:0`)

export interface AllInOneUrls {
  readonly ui: string
  readonly zipkin: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  readonly admin: string
}

export interface AllInOneProcess {
  readonly child: ChildProcess
  readonly urls: AllInOneUrls
}

/** `kiseki all-in-one` in a process of its own, as soon as it is ready; `program` is its source or its bundle. */
export async function startAllInOne(
  flags: readonly string[] = [],
  program: string = MAIN,
): Promise<AllInOneProcess> {
  const child = spawn(process.execPath, [program, 'all-in-one', ...FREE_PORTS, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const urls = await new Promise<AllInOneUrls>((resolve, reject) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const ready = /^ready (.*)\n/m.exec(output)?.[1]
      if (ready !== undefined) resolve(JSON.parse(ready))
    })
    child.once('exit', code => reject(new Error(`kiseki ended with ${code}`)))
  })
  return { child, urls }
}
