import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ground, UPSTREAM_H2_PORT, UPSTREAM_PORT } from './ground.ts'

/**
 * One thread; one connection to the upstream that all requests share, as osm-edge keys them by target. The words of
 * the script: flomesh.io/pipy/docs. Without a binary at hand it was written, not tried.
 */
export function pipyCommand(ground: Ground, binary: string, port: number, h2Port: number): readonly string[] {
  const file = join(ground.folder, 'pipy.js')
  writeFileSync(
    file,
    `pipy()
  .listen(${port}).demuxHTTP().to($ => $
    .muxHTTP(() => 1).to($ => $.connect('127.0.0.1:${UPSTREAM_PORT}')))
  .listen(${h2Port}).demuxHTTP().to($ => $
    .muxHTTP(() => 1, { version: 2 }).to($ => $.connect('127.0.0.1:${UPSTREAM_H2_PORT}')))
`,
  )
  return [binary, '--admin-port-off', '--no-status', '--log-level=error', file]
}
