import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The differences were looked at with this one: that of Debian 12. */
export const EXPLAINED_VERSION = '1.22.'

/** Empty where none is installed. */
export const NGINX_VERSION: string =
  /nginx\/([\d.]+)/.exec(String(spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr))?.[1] ?? ''

/** An nginx that forwards everything to one app, as a sidecar would. */
export interface Nginx {
  readonly port: number
  stop(): Promise<void>
}

export async function startNginx(appPort: number): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'kiseki-nginx-'))
  const port = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(folder, port, appPort))
  const process = spawn('nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  await listening(process, port)
  return {
    port,
    async stop() {
      const ended = new Promise(resolve => process.once('exit', resolve))
      process.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** What nginx does by itself, but for limits and the fields that a forwarding proxy has to set. */
function configuration(folder: string, port: number, appPort: number): string {
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `${user} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log crit;
events { worker_connections 256; }
http {
  access_log off; client_max_body_size 0; large_client_header_buffers 16 64k; underscores_in_headers on;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/a; uwsgi_temp_path ${folder}/b; scgi_temp_path ${folder}/c;
  upstream app { server 127.0.0.1:${appPort}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header Connection "";
    proxy_request_buffering off; proxy_buffering off; proxy_next_upstream off;
    location / { proxy_pass http://app; }
  }
}
`
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function listening(process: ChildProcess, port: number): Promise<void> {
  let exited = false
  process.once('exit', () => {
    exited = true
  })
  while (!(await accepts(port))) {
    if (exited) throw new Error('nginx has ended')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
