import type { KubeClient } from '../kube/client.ts'
import type { ObjectStore } from './store/object-store.ts'

/** The API of a store in this process. */
export function createLocalClient(store: ObjectStore): KubeClient {
  return {
    get: async (resource, name) => store.get(resource, name),
    list: async (resource, options) => store.list(resource, options),
    watch: (resource, options) => store.watch(resource, options),
    create: async (resource, object) => store.create(resource, object),
    patch: async (resource, name, patch, options) => store.patch(resource, name, patch, options),
    async remove(resource, name, options) {
      store.remove(resource, name, options)
    },
  }
}
