import type { Socket } from 'node:net'

interface Place {
  readonly namespace: string
  readonly name: string
}

/** Connections to where pods really listen. */
export interface PodSockets {
  /** By number or name; absent: the pod's first port. */
  ofPod(pod: Place, port: number | string | undefined): Promise<Socket>
  /** To a ready pod behind a port of the Service. */
  ofService(service: Place, port: number | string | undefined): Promise<Socket>
}
