import type { Protocol } from '../../../src/model/sidecar-config.ts'
import { type FakeCollector, startCollector } from '../../../src/sidecar/testing/fake-collector.ts'
import { type SidecarProcess, startSidecarProcess } from '../sidecar-process.ts'

export const HOST = 'books.shop'
const CONTAINER_PORT = 80

/** The way from one pod of the mesh to another: a sidecar on either side, each in a process of its own, traced. */
export interface TwoSidecars {
  /** That of the client, which leads to that of the app. */
  readonly client: SidecarProcess
  readonly app: SidecarProcess
  readonly collector: FakeCollector
  end(): Promise<void>
}

export async function startTwoSidecars(appPort: number, protocol: Protocol = 'http'): Promise<TwoSidecars> {
  const collector = await startCollector()
  const start = (): Promise<SidecarProcess> => startSidecarProcess({ SIDECAR_DRAIN_SECONDS: '0' })
  const [client, app] = await Promise.all([start(), start()])
  await app.configure(
    { workload: 'books', inbound: { [CONTAINER_PORT]: { appPort, protocol } } },
    collector.port,
  )
  const via = { address: app.address, port: app.inbound }
  const endpoint = { address: app.address, port: CONTAINER_PORT, weight: 1, via }
  const clusters = { books: { protocol, endpoints: [endpoint] } }
  await client.configure({ hosts: { [`${HOST}:80`]: 'books' }, clusters }, collector.port)
  return {
    client,
    app,
    collector,
    async end() {
      await Promise.all([client.end(), app.end()])
      await collector.close()
    },
  }
}
