import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BODY_SIZES, type BodySize, pathOf } from './bodies.ts'
import { type Ground, LOAD_CORE, SINK_PORT, UPSTREAM_H2_PORT, UPSTREAM_PORT } from './ground.ts'

/** An nginx of one worker that only says what `http` says, with everything else switched off. */
export function nginxCommand(folder: string, name: string, http: string): readonly string[] {
  const file = join(folder, `${name}.conf`)
  // Started by root its worker would become somebody who may not read the folder.
  const user = process.getuid?.() === 0 ? 'user root; ' : ''
  writeFileSync(
    file,
    `${user}daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log ${folder}/${name}.log error;
events { worker_connections 4096; }
http {
  access_log off; tcp_nodelay on; keepalive_requests 1000000000; client_max_body_size 10m;
  client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
  fastcgi_temp_path ${folder}/${name}-a; uwsgi_temp_path ${folder}/${name}-b; scgi_temp_path ${folder}/${name}-c;
  ${http}
}
`,
  )
  return ['nginx', '-p', folder, '-c', file]
}

/** The upstream of all subjects, HTTP/1.1 and HTTP/2, and the sink of spans that are not counted. */
export async function startUpstream(ground: Ground): Promise<void> {
  const files = join(ground.folder, 'files')
  mkdirSync(files)
  for (const size of BODY_SIZES) writeFileSync(join(files, pathOf(size)), 'x'.repeat(size.bytes))
  const locations = BODY_SIZES.map(size => locationOf(files, size)).join('\n    ')
  const command = nginxCommand(
    ground.folder,
    'upstream',
    `sendfile on; open_file_cache max=100; open_file_cache_valid 1h; etag off; default_type text/plain;
  server { listen 127.0.0.1:${UPSTREAM_PORT} backlog=4096;
    listen 127.0.0.1:${UPSTREAM_H2_PORT} http2 backlog=4096;
    ${locations} }
  server { listen 127.0.0.1:${SINK_PORT};
    location / { return 202; } }`,
  )
  await ground.start({ core: LOAD_CORE, command, port: UPSTREAM_PORT })
}

/** A small body stands in the configuration, for that is cheaper than a file; nginx takes no large one there. */
function locationOf(files: string, size: BodySize): string {
  const answer = size.bytes <= 1024 ? `return 200 "${'x'.repeat(size.bytes)}";` : `root ${files};`
  return `location = ${pathOf(size)} { ${answer} }`
}

/** With HTTP/2 in front and HTTP/1.1 behind on a port of its own: it knows no HTTP/2 towards an upstream. */
export function nginxProxy(port: number, h2Port: number): string {
  return `upstream up { server 127.0.0.1:${UPSTREAM_PORT}; keepalive 128; keepalive_requests 1000000000; }
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
  # What does not fit its buffers waits in the upstream, as with all others, and not in a file.
  proxy_max_temp_file_size 0;
  server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://up; } }
  server { listen 127.0.0.1:${h2Port} http2 backlog=4096; location / { proxy_pass http://up; } }`
}
