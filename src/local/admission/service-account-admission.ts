import { KubeFailure } from '../../kube/kube-failure.ts'
import type { ServiceAccount } from '../../model/kubernetes.ts'
import type { Container, Pod, Volume } from '../../model/kubernetes-pod.ts'
import { ACCOUNT_MOUNT_PATH, ROOT_CA_CONFIG_MAP } from '../service-accounts.ts'

export interface AccountMounting {
  readonly find: (account: {
    readonly namespace: string
    readonly name: string
  }) => ServiceAccount | undefined
  /** Of the name of a volume: another one each time. */
  readonly newSuffix: () => string
}

const DEFAULT_ACCOUNT = 'default'
const VOLUME_PREFIX = 'kube-api-access-'
/** Of a token, in seconds; the seven are Kubernetes' mark of tokens that nobody asked for. */
const TOKEN_SECONDS = 3607

/**
 * Gives the containers of a new pod the token of its ServiceAccount, unless pod or account say otherwise; what the pod
 * says counts more. Throws `Forbidden` where the account does not exist. `default` is on its way then.
 */
export function mountServiceAccount(pod: Pod, { find, newSuffix }: AccountMounting): Pod {
  const { namespace = '', name: podName } = pod.metadata
  const { serviceAccountName: name = DEFAULT_ACCOUNT, automountServiceAccountToken } = pod.spec
  const account = find({ namespace, name })
  if (account === undefined && name !== DEFAULT_ACCOUNT) throw unknownAccount(podName, namespace, name)
  const mounts = automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true
  if (!mounts) return pod
  const { containers, initContainers, volumes = [] } = pod.spec
  // Admission may come twice, the second time with containers that others added.
  const present = volumes.find(({ name: volume }) => volume.startsWith(VOLUME_PREFIX))
  const volume = present ?? accessVolume(`${VOLUME_PREFIX}${newSuffix()}`)
  const mounted = (some: readonly Container[]) => some.map(each => withMount(each, volume.name))
  return {
    ...pod,
    spec: {
      ...pod.spec,
      volumes: present === undefined ? [...volumes, volume] : volumes,
      containers: mounted(containers),
      ...(initContainers === undefined ? {} : { initContainers: mounted(initContainers) }),
    },
  }
}

function unknownAccount(pod: string, namespace: string, name: string): KubeFailure {
  return new KubeFailure(
    'Forbidden',
    `pods "${pod}" is forbidden: error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    { details: { name: pod, kind: 'pods' } },
  )
}

function accessVolume(name: string): Volume {
  const fieldRef = { fieldPath: 'metadata.namespace' }
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
        { configMap: { name: ROOT_CA_CONFIG_MAP, items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef }] } },
      ],
    },
  }
}

/** Who mounts something there knows why. */
function withMount(container: Container, name: string): Container {
  const { volumeMounts = [] } = container
  if (volumeMounts.some(({ mountPath }) => mountPath === ACCOUNT_MOUNT_PATH)) return container
  return {
    ...container,
    volumeMounts: [...volumeMounts, { name, mountPath: ACCOUNT_MOUNT_PATH, readOnly: true }],
  }
}
