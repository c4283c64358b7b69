import { afterEach, beforeEach, describe } from 'vitest'
import { describeObjects } from './client-objects.contract.ts'
import { describeRemoval } from './client-removal.contract.ts'
import { describeWatch } from './client-watch.contract.ts'
import { type ContractWorld, type OpenedKube, openWorld } from './client-world.contract.ts'

/** What a `KubeClient` keeps, whichever server answers. */
export function describeKubeClient(name: string, open: () => Promise<OpenedKube>): void {
  describe(`the Kubernetes API of ${name}`, () => {
    let world: ContractWorld

    beforeEach(async () => {
      world = await openWorld(open)
    })
    afterEach(() => world.close())

    describeObjects(() => world)
    describeRemoval(() => world)
    describeWatch(() => world)
  })
}
