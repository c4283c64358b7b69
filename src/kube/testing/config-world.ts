import { expect } from 'vitest'
import type { KubeEndpoint } from '../kube-endpoint.ts'
import { type LoadKubeConfigOptions, loadKubeConfig } from '../kubeconfig.ts'

export const HOME = '/home/me/.kube/config'

/** Loads on a machine with these files and nothing else. */
export function load(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadKubeConfigOptions> = {},
): Promise<KubeEndpoint> {
  return loadKubeConfig({
    env: {},
    homeDir: '/home/me',
    terminal: false,
    platform: 'linux',
    runPlugin: async () => expect.unreachable('a plugin was run'),
    async readFile(path) {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
      return text
    },
    ...options,
  })
}

/** A kubeconfig of one cluster, user and context of that name. */
export function named(
  name: string,
  options: { readonly cluster?: object; readonly user?: object; readonly current?: string } = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': options.current ?? name,
    clusters: [{ name, cluster: { server: `https://${name}:6443`, ...options.cluster } }],
    users: [{ name, user: options.user ?? { token: `token-${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  })
}

/** What a refused kubeconfig is refused with. */
export function refused(message: string | RegExp): unknown {
  return expect.objectContaining({
    code: 'KISEKI_BAD_KUBECONFIG',
    message: expect.stringMatching(message),
  })
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64')
