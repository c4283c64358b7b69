import { beforeAll, describe, expect, it } from 'vitest'
import type { PluginCommand } from './exec-credentials.ts'
import type { LoadKubeConfigOptions } from './kubeconfig.ts'
import { runPluginProcess } from './plugin-process.ts'
import { HOME, load, named, refused } from './testing/config-world.ts'
import { selfSigned, type TestCertificate } from './testing/test-certificates.ts'

let certificate: TestCertificate
beforeAll(async () => {
  certificate = await selfSigned()
})

describe('a credential plugin', () => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './bin/login',
    args: ['get', 'token'],
    env: [{ name: 'PROFILE', value: 'dev' }],
    interactiveMode: 'IfAvailable',
    installHint: 'Install login.',
  }
  const answer = (status: object, apiVersion = exec.apiVersion) =>
    JSON.stringify({ apiVersion, kind: 'ExecCredential', status })
  const open = (plugin: object, options: Partial<LoadKubeConfigOptions>) =>
    load({ [HOME]: named('c', { user: { exec: { ...exec, ...plugin } } }) }, options)

  it('is run as the kubeconfig says, beside which it is', async () => {
    const commands: PluginCommand[] = []
    const endpoint = await open(
      {},
      {
        env: { PATH: '/bin' },
        terminal: true,
        runPlugin: async command => {
          commands.push(command)
          return answer({ token: 't' })
        },
      },
    )
    expect(await endpoint.credentials()).toEqual({ headers: { authorization: 'Bearer t' } })
    expect(commands).toEqual([
      {
        command: '/home/me/.kube/bin/login',
        args: ['get', 'token'],
        interactive: true,
        env: {
          PATH: '/bin',
          PROFILE: 'dev',
          KUBERNETES_EXEC_INFO:
            '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":true}}',
        },
      },
    ])
  })

  it('is asked once until what it gave expires, or is refused, however many ask', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z')
    let runs = 0
    const endpoint = await open(
      {},
      {
        nowMillis: () => now,
        runPlugin: async () => answer({ token: `t${++runs}`, expirationTimestamp: '2026-01-01T00:01:00Z' }),
      },
    )
    const token = async (renew = false) => (await endpoint.credentials({ renew })).headers['authorization']
    expect(await Promise.all([token(), token(), token()])).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1'])
    expect(await token(true)).toBe('Bearer t2')
    now += 59_000
    expect(await token()).toBe('Bearer t2')
    now += 1000
    expect(await token()).toBe('Bearer t3')
  })

  it('may give a certificate', async () => {
    const status = { clientCertificateData: certificate.cert, clientKeyData: certificate.key }
    const endpoint = await open(
      { apiVersion: 'client.authentication.k8s.io/v1beta1', interactiveMode: undefined },
      { runPlugin: async () => answer(status, 'client.authentication.k8s.io/v1beta1') },
    )
    expect(await endpoint.credentials()).toEqual({
      headers: {},
      ...{ cert: certificate.cert, key: certificate.key },
    })
  })

  it.each<[string, string]>([
    ['no JSON', 'is no JSON'],
    ['{"kind":"Other"}', 'must be ExecCredential'],
    [answer({ token: 't' }, 'client.authentication.k8s.io/v1beta1'), 'plugin returned version'],
    ['{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}', "didn't return a status"],
    [answer({}), "didn't return a token or cert/key pair"],
    [answer({ clientKeyData: 'k' }), 'only certificate or key'],
    [answer({ token: 't', expirationTimestamp: 'soon' }), 'is no time'],
  ])('is not understood when it says %s', async (said, message) => {
    const endpoint = await open({}, { runPlugin: async () => said })
    await expect(endpoint.credentials()).rejects.toEqual(refused(message))
  })

  it.each<[object, string]>([
    [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' }, 'exec.apiVersion: must be'],
    [{ interactiveMode: undefined }, 'interactiveMode: is required'],
    [{ interactiveMode: 'Always' }, 'there is no terminal'],
    [{ interactiveMode: 'Maybe' }, 'must be one of'],
    [{ provideClusterInfo: true }, 'provideClusterInfo: is not supported'],
    [{ command: '' }, 'command: is required'],
  ])('is refused with %j', async (plugin, message) => {
    await expect(open(plugin, {})).rejects.toEqual(refused(message))
  })

  it('is a process', async () => {
    const script = `console.log(JSON.stringify({apiVersion: '${exec.apiVersion}', kind: 'ExecCredential', status: {token: process.env.PROFILE}}))`
    const run = async (plugin: object) => {
      const user = { exec: { ...exec, command: process.execPath, interactiveMode: 'Never', ...plugin } }
      const options = { env: process.env, runPlugin: runPluginProcess }
      return (await load({ [HOME]: named('c', { user }) }, options)).credentials()
    }
    expect(await run({ args: ['-e', script] })).toEqual({ headers: { authorization: 'Bearer dev' } })
    await expect(run({ args: ['-e', 'process.exit(3)'] })).rejects.toEqual(refused('failed with exit code 3'))
    await expect(run({ command: 'kiseki-no-such-program' })).rejects.toEqual(
      refused('executable kiseki-no-such-program not found. Install login.'),
    )
  })
})
