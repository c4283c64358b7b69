import { describeKubeClient } from '../kube/client.contract.ts'
import { CONFIG_MAPS } from '../kube/resources.ts'
import { createLocalKubernetes } from './kubernetes.ts'

const RING_CAPACITY = 50

describeKubeClient('one machine', async () => {
  const { client } = createLocalKubernetes({ now: () => Date.now() * 1000, ringCapacity: RING_CAPACITY })
  return {
    client,
    async forgetEvents() {
      for (let i = 0; i <= RING_CAPACITY; i++) {
        await client.create(CONFIG_MAPS, {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `filler-${i}`, namespace: 'default' },
        })
      }
    },
    async close() {},
  }
})
