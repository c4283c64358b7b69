import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { helperPath } from './helper-files.ts'

const POD_IP = '127.64.255.254'
const run = promisify(execFile)

/** How each server listens, as `listen`'s arguments in JavaScript; `done` is the callback. */
async function addressesOf(
  forms: readonly string[],
  env: Record<string, string> = { POD_IP },
): Promise<unknown> {
  const script = `
    const net = require('node:net'), http = require('node:http'), os = require('node:os')
    const listened = forms => Promise.all(forms.map(form => new Promise(done => {
      const server = http.createServer()
      const asked = eval('[' + form.replace('done', '() => done(server.address())') + ']')
      server.listen(...asked)
      if (!form.includes('done')) server.once('listening', () => done(server.address()))
    }).then(address => address.address ?? 'path')))
    listened(${JSON.stringify(forms)}).then(found => { console.log(JSON.stringify(found)); process.exit() })`
  const { stdout } = await run(process.execPath, ['--require', helperPath('bind-hook.cjs'), '-e', script], {
    env,
  })
  return JSON.parse(stdout)
}

describe.runIf(process.platform === 'linux')('the bind hook', () => {
  it('moves who listens on all addresses to the address of the pod, however it is said', async () => {
    const forms = [
      '0',
      '0, done',
      "'0'",
      "0, '0.0.0.0', done",
      "0, '::', 5, done",
      '0, 5',
      '0, undefined, done',
      '0, null, 5, done',
      '{ port: 0 }, done',
      "{ port: 0, host: '0.0.0.0' }",
      "{ port: 0, host: '::', backlog: 5 }, done",
      '',
      'done',
    ]
    expect(await addressesOf(forms)).toEqual(forms.map(() => POD_IP))
  })

  it('leaves alone who says where', async () => {
    const path = "'\\0kiseki-bind-hook-' + process.pid" // a leading NUL: Linux keeps no file of it
    const forms = ["0, '127.0.0.1'", "{ port: 0, host: '127.0.0.1' }, done", path, `{ path: ${path} + '-2' }`]
    expect(await addressesOf(forms)).toEqual(['127.0.0.1', '127.0.0.1', 'path', 'path'])
  })

  it('does nothing outside of a pod', async () => {
    expect(await addressesOf(['0'], {})).not.toEqual([POD_IP])
  })
})
