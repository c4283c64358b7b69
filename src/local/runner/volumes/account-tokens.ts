import type { KubeClient } from '../../../kube/client.ts'
import { unlessAbsent } from '../../../kube/kube-errors.ts'
import { SERVICE_ACCOUNTS } from '../../../kube/resources.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import type { ServiceAccounts } from '../../service-accounts.ts'

/** The tokens of one pod, each until it is near its end. */
export interface AccountTokens {
  /** Throws an `Error` in the words of the kubelet. */
  current(): Promise<string>
}

export interface AccountTokensOptions {
  readonly client: KubeClient
  readonly pod: Pod
  readonly serviceAccounts: ServiceAccounts | undefined
  /** Microseconds since the epoch. */
  readonly now: () => number
}

/** Of its life, as the kubelet has it. */
const USED_PART = 0.8

export function createAccountTokens({
  client,
  pod,
  serviceAccounts,
  now,
}: AccountTokensOptions): AccountTokens {
  let token: string | undefined
  /** In seconds since the epoch. */
  let renewAt = 0

  return {
    async current() {
      const seconds = now() / 1_000_000
      if (token !== undefined && seconds < renewAt) return token
      if (serviceAccounts === undefined) throw new Error('tokens are not issued on this machine')
      const { name: podName, namespace = '', uid: podUid = '' } = pod.metadata
      const { serviceAccountName: name = 'default' } = pod.spec
      const account = await unlessAbsent(client.get(SERVICE_ACCOUNTS, { namespace, name }))
      if (account === undefined) throw new Error(`failed to fetch token: serviceaccounts "${name}" not found`)
      const { uid = '' } = account.metadata
      token = await serviceAccounts.issueToken({ namespace, name, uid }, { name: podName, uid: podUid })
      const ends = endOf(token)
      renewAt = ends === undefined ? Number.POSITIVE_INFINITY : seconds + (ends - seconds) * USED_PART
      return token
    },
  }
}

/** The claim `exp` of a JSON web token (RFC 7519), in seconds; undefined where it has none. */
function endOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const { exp }: { exp?: unknown } = typeof claims === 'object' && claims !== null ? claims : {}
    return typeof exp === 'number' ? exp : undefined
  } catch {
    return undefined
  }
}
