import type { KubeClient } from '../../kube/client.ts'
import { unlessAbsent } from '../../kube/kube-errors.ts'
import { CONFIG_MAPS, SECRETS } from '../../kube/resources.ts'
import type { ConfigMap, Secret } from '../../model/kubernetes.ts'
import type { Container, Volume } from '../../model/kubernetes-pod.ts'

/** Names of ConfigMaps and Secrets. */
export interface ConfigNames {
  readonly configMaps: readonly string[]
  readonly secrets: readonly string[]
}

/** ConfigMaps and Secrets of one namespace by name; those that do not exist are not there. */
export interface ConfigObjects {
  readonly configMaps: ReadonlyMap<string, ConfigMap>
  readonly secrets: ReadonlyMap<string, Secret>
}

/** What the environment of a container is taken from. */
export function configOfContainer({ env = [], envFrom = [] }: Container): ConfigNames {
  const sources = env.flatMap(({ valueFrom }) => valueFrom ?? [])
  return {
    configMaps: [
      ...envFrom.flatMap(({ configMapRef }) => configMapRef?.name ?? []),
      ...sources.flatMap(({ configMapKeyRef }) => configMapKeyRef?.name ?? []),
    ],
    secrets: [
      ...envFrom.flatMap(({ secretRef }) => secretRef?.name ?? []),
      ...sources.flatMap(({ secretKeyRef }) => secretKeyRef?.name ?? []),
    ],
  }
}

/** What the files of volumes are taken from. */
export function configOfVolumes(volumes: readonly Volume[]): ConfigNames {
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? [])
  return {
    configMaps: [...volumes, ...sources].flatMap(({ configMap }) => configMap?.name ?? []),
    secrets: [
      ...volumes.flatMap(({ secret }) => secret?.secretName ?? []),
      ...sources.flatMap(({ secret }) => secret?.name ?? []),
    ],
  }
}

export async function readConfig(
  client: KubeClient,
  namespace: string,
  names: ConfigNames,
): Promise<ConfigObjects> {
  const read = async <T>(all: readonly string[], get: (name: string) => Promise<T>) => {
    const found = new Map<string, T>()
    for (const name of new Set(all)) {
      const object = await unlessAbsent(get(name))
      if (object !== undefined) found.set(name, object)
    }
    return found
  }
  return {
    configMaps: await read(names.configMaps, name => client.get(CONFIG_MAPS, { namespace, name })),
    secrets: await read(names.secrets, name => client.get(SECRETS, { namespace, name })),
  }
}
