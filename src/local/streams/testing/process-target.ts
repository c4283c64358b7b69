import { type ChildProcess, spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { KisekiError } from '../../../model/errors.ts'
import type { AttachRequest, ExecProcess, ExecRequest, PodStreamTarget } from '../pod-stream-target.ts'

/** Pods whose commands are processes of this machine, and whose ports are those of 127.0.0.1. */
export class ProcessTarget implements PodStreamTarget {
  readonly asked: (AttachRequest | ExecRequest)[] = []
  readonly sizes: string[] = []
  readonly running: Set<ChildProcess> = new Set()
  readonly sockets: Set<Socket> = new Set()

  connect(_pod: unknown, port: number): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
      socket.once('connect', () => resolve(socket))
      socket.once('error', error =>
        reject(new KisekiError('KISEKI_UNREACHABLE', `dial tcp4 127.0.0.1:${port}: ${error.message}`)),
      )
    })
  }

  async exec(request: ExecRequest): Promise<ExecProcess> {
    this.asked.push(request)
    const [program = '', ...rest] = request.command
    if (program === 'missing') throw new KisekiError('KISEKI_NOT_FOUND', 'exec: "missing": not found')
    return this.#start(program, rest)
  }

  /** Attached is always `cat`. */
  async attach(request: AttachRequest): Promise<ExecProcess> {
    this.asked.push(request)
    return this.#start('cat', [])
  }

  #start(program: string, words: readonly string[]): ExecProcess {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.running.add(child)
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      stderr: child.stderr,
      resize: (columns, rows) => this.sizes.push(`${columns}x${rows}`),
      exited: new Promise(resolve => {
        child.once('exit', (code, signal) => {
          this.running.delete(child)
          resolve({ ...(code !== null && { code }), ...(signal !== null && { signal }) })
        })
      }),
      kill: () => child.kill('SIGKILL'),
    }
  }
}
