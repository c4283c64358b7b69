import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An nginx of one worker that only says what `server` says, with everything else switched off. */
export function nginxCommand(folder: string, name: string, http: string): readonly string[] {
  const file = join(folder, `${name}.conf`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log ${folder}/${name}.log error;
events { worker_connections 4096; }
http {
  access_log off; sendfile off; tcp_nodelay on; keepalive_requests 1000000000; client_max_body_size 10m;
  client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
  fastcgi_temp_path ${folder}/${name}-a; uwsgi_temp_path ${folder}/${name}-b; scgi_temp_path ${folder}/${name}-c;
  ${http}
}
`,
  )
  return ['nginx', '-p', folder, '-c', file]
}

/** Answers 1 KB to every request, and 202 to spans. */
export function upstreamConfig(port: number): string {
  return `server { listen 127.0.0.1:${port} backlog=4096;
    location / { return 200 "${'x'.repeat(1024)}"; }
    location /api/v2/spans { return 202; } }`
}

export function proxyConfig(port: number, upstreamPort: number): string {
  return `upstream up { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; } }`
}
