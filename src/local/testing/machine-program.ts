/**
 * A program that runs a machine with one pod until it is killed: node machine-program.ts STATE_DIR. Prints the
 * process ids of the pod: its first process, a child of it, and one that left its group.
 */
import { PODS } from '../../kube/resources.ts'
import { startLocalMachine } from '../machine.ts'
import { SILENT } from './silent-logger.ts'

const SCRIPT = `
const { spawn } = require('node:child_process')
const child = spawn('sleep', ['600'], { stdio: 'ignore' })
const stray = spawn('sleep', ['600'], { stdio: 'ignore', detached: true })
console.log(process.pid, child.pid, stray.pid)
setInterval(() => {}, 1000)`

const namespace = 'default'
const machine = await startLocalMachine({
  stateDir: process.argv[2] ?? '',
  resolveImage: () => ({ command: [process.execPath, '-e', SCRIPT] }),
  logger: SILENT,
})
await machine.client.create(PODS, {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace },
  spec: { containers: [{ name: 'app', image: 'test' }] },
})
// A log can be read as soon as the pod is set up.
for await (const { object } of machine.client.watch(PODS, {
  resourceVersion: '1',
  signal: new AbortController().signal,
})) {
  if (object.status?.podIP !== undefined) break
}
for await (const line of machine.readLogs({ namespace, name: 'p' }, 'app', { follow: true })) {
  process.stdout.write(`${line}\n`)
}
