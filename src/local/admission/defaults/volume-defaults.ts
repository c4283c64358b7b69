import type { DownwardApiFile, ProjectedSource, Volume } from '../../../model/kubernetes-pod.ts'

const FILE_MODE = 0o644
const TOKEN_SECONDS = 3600

/** What kube-apiserver writes into a volume that does not say it. */
export function withVolumeDefaults(volume: Volume): Volume {
  const { configMap, secret, downwardAPI, projected, hostPath } = volume
  const named = Object.keys(volume).length > 1 ? volume : { ...volume, emptyDir: {} }
  return {
    ...named,
    ...(configMap === undefined ? {} : { configMap: { defaultMode: FILE_MODE, ...configMap } }),
    ...(secret === undefined ? {} : { secret: { defaultMode: FILE_MODE, ...secret } }),
    ...(downwardAPI === undefined
      ? {}
      : { downwardAPI: { defaultMode: FILE_MODE, ...downwardAPI, ...itemsOf(downwardAPI) } }),
    ...(projected === undefined
      ? {}
      : {
          projected: {
            defaultMode: FILE_MODE,
            ...projected,
            ...(projected.sources === undefined
              ? {}
              : { sources: projected.sources.map(withSourceDefaults) }),
          },
        }),
    ...(hostPath === undefined ? {} : { hostPath: { type: '', ...hostPath } }),
  }
}

function withSourceDefaults(source: ProjectedSource): ProjectedSource {
  const { serviceAccountToken, downwardAPI } = source
  return {
    ...source,
    ...(serviceAccountToken === undefined
      ? {}
      : { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, ...serviceAccountToken } }),
    ...(downwardAPI === undefined ? {} : { downwardAPI: { ...downwardAPI, ...itemsOf(downwardAPI) } }),
  }
}

function itemsOf({ items }: { readonly items?: readonly DownwardApiFile[] }): {
  readonly items?: readonly DownwardApiFile[]
} {
  if (items === undefined) return {}
  return {
    items: items.map(item =>
      item.fieldRef === undefined ? item : { ...item, fieldRef: { apiVersion: 'v1', ...item.fieldRef } },
    ),
  }
}
