import { spawn } from 'node:child_process'
import type { PluginCommand } from './exec-credentials.ts'

/** Somebody may have to log in with a browser meanwhile. */
const MOST_MILLIS = 5 * 60_000
const MOST_BYTES = 1024 * 1024

/** Runs a credential plugin; what it says on standard error goes to ours, it is for the person. */
export function runPluginProcess(plugin: PluginCommand): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      env: plugin.env,
      stdio: [plugin.interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
      windowsHide: true,
    })
    const pieces: Buffer[] = []
    let length = 0
    const end = (problem: string): void => {
      child.kill()
      reject(new Error(problem))
    }
    const timer = setTimeout(() => end(`did not end within ${MOST_MILLIS / 1000} seconds`), MOST_MILLIS)
    child.stdout?.on('data', (piece: Buffer) => {
      length += piece.length
      if (length > MOST_BYTES) end(`printed more than ${MOST_BYTES} bytes`)
      else pieces.push(piece)
    })
    child.once('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve(Buffer.concat(pieces).toString('utf8'))
      else reject(new Error(`executable ${plugin.command} failed with ${signal ?? `exit code ${code}`}`))
    })
  })
}
