import { afterAll, beforeAll, describe, it } from 'vitest'
import { KUBECTL_VERSIONS } from '../../../scripts/kubectl-cache.ts'
import { type ClusterUnderTest, openCluster } from './cluster.ts'
import { APPLY } from './core/apply.ts'
import { DESCRIPTIONS } from './core/descriptions.ts'
import { OBJECTS } from './core/objects.ts'
import { PODS } from './core/pods.ts'
import { REFUSALS } from './core/refusals.ts'
import { WATCHING } from './core/watching.ts'
import { WORKLOADS } from './core/workloads.ts'
import { kubectlMissing } from './kubectl.ts'

const ENDS = [KUBECTL_VERSIONS.at(0), KUBECTL_VERSIONS.at(-1)]
const CHAPTERS = [...OBJECTS, ...APPLY, ...WORKLOADS, ...PODS, ...WATCHING, ...REFUSALS, ...DESCRIPTIONS]

let cluster: ClusterUnderTest

beforeAll(async () => {
  cluster = await openCluster()
})
afterAll(() => cluster?.close())

describe.for(KUBECTL_VERSIONS)('kubectl %s', version => {
  // They wait for each other's pods more than they compute.
  const told = CHAPTERS.filter(chapter => chapter.everywhere || ENDS.includes(version))
  it.concurrent.for(told.map((chapter, index) => ({ ...chapter, index })))(
    '$title',
    async ({ tell, index }, { skip }) => {
      const missing = kubectlMissing(version)
      if (missing !== undefined) skip(missing)
      const namespace = `v${version.replace('.', '-')}-${index}`
      const kubectl = cluster.kubectl(version).in(namespace)
      await kubectl.run(`create namespace ${namespace}`)
      await tell(kubectl, cluster)
      await kubectl.run(`delete namespace ${namespace} --wait=false`)
    },
  )
})
