import { stringify } from 'yaml'
import { encodeBase64 } from '../model/base64.ts'

export interface KubeConfigContent {
  /** Of the cluster, the user and the context. */
  readonly name: string
  /** `https://127.0.0.1:6443` */
  readonly server: string
  readonly caPem: string
  readonly token: string
  readonly namespace?: string
}

/**
 * A kubeconfig as YAML, for kubectl and everything else that reads one: one cluster, one user, one context, in
 * use. It holds the token: write it so that only its owner can read it.
 */
export function kubeConfigText(content: KubeConfigContent): string {
  const { name, server, caPem, token, namespace } = content
  const certificate = encodeBase64(new TextEncoder().encode(caPem))
  const context = { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) }
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': certificate } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context }],
  }
  // Go reads YAML 1.1, where `yes` and `0x1` mean other things than in 1.2: such texts must be in quotes. A
  // certificate is one line, unfolded.
  return stringify(document, { version: '1.1', lineWidth: 0 })
}
