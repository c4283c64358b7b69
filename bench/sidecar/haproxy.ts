import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ground, UPSTREAM_H2_PORT, UPSTREAM_PORT } from './ground.ts'

/** One thread, connections to the upstream reused, no log; HTTP/2 on both sides of a port of its own. */
export function haproxyCommand(ground: Ground, port: number, h2Port: number): readonly string[] {
  const file = join(ground.folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  http-reuse always
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend h1
  bind 127.0.0.1:${port}
  default_backend h1
frontend h2
  bind 127.0.0.1:${h2Port} proto h2
  default_backend h2
backend h1
  server upstream 127.0.0.1:${UPSTREAM_PORT}
backend h2
  server upstream 127.0.0.1:${UPSTREAM_H2_PORT} proto h2
`,
  )
  return ['haproxy', '-db', '-f', file]
}
