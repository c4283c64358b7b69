import { describe, expect, it } from 'vitest'
import { PODS } from '../../kube/resources.ts'
import type { Container, PodSpec } from '../../model/kubernetes-pod.ts'
import { createLocalKubernetes } from '../kubernetes.ts'

const client = createLocalKubernetes({ now: () => 0 }).client
const create = (container: Partial<Container>, spec: Partial<PodSpec> = {}) =>
  client.create(PODS, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { ...spec, containers: [{ name: 'app', image: 'i', ...container }] },
  })
const mount = (extra: object) => ({ volumeMounts: [{ name: 'v', mountPath: '/v', ...extra }] })
const volumes = [{ name: 'v' }]

describe('a pod that cannot be run is refused, by field', () => {
  it.each<[Partial<Container>, Partial<PodSpec>, string]>([
    [{ name: '' }, {}, 'spec.containers[0].name: Required value'],
    [{ image: '' }, {}, 'spec.containers[0].image: Required value'],
    [
      {},
      { initContainers: [{ name: 'app', image: 'i' }] },
      'spec.containers[0].name: Duplicate value: "app"',
    ],
    [{}, { initContainers: [{ name: 'x', image: '' }] }, 'spec.initContainers[0].image: Required value'],
    [mount({}), {}, 'spec.containers[0].volumeMounts[0].name: Not found: "v"'],
    [
      mount({ subPath: '../x' }),
      { volumes },
      `volumeMounts[0].subPath: Invalid value: "../x": must not contain '..'`,
    ],
    [
      mount({ subPath: '/x' }),
      { volumes },
      'volumeMounts[0].subPath: Invalid value: "/x": must be a relative path',
    ],
    [
      { volumeMounts: [1, 2].map(() => ({ name: 'v', mountPath: '/v' })) },
      { volumes },
      'volumeMounts[1].mountPath: Invalid value: "/v": must be unique',
    ],
  ])('%j %j: %s', async (container, spec, message) => {
    await expect(create(container, spec)).rejects.toThrow(message)
  })
})
