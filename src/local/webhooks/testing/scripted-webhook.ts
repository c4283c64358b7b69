import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import {
  type CertifiedKey,
  createAuthority,
  issueServerCertificate,
} from '../../../runtime/certificates/certificates.ts'
import { listen } from '../../../runtime/http-server.ts'

/** A webhook that answers as a test wants it. */
export interface ScriptedWebhook {
  readonly port: number
  /** For `clientConfig`. */
  readonly caBundle: string
  /** Bodies so far, with the path that was asked. */
  readonly asked: readonly { readonly path: string; readonly review: JsonObject }[]
  /** How many connections were made so far. */
  readonly connections: () => number
  close(): Promise<void>
}

/** Answers by itself, or says what the `response` of the review is to be, without its uid. */
export type Script = (exchange: {
  readonly path: string
  readonly request: JsonObject
  readonly response: ServerResponse
}) => JsonObject | undefined | Promise<JsonObject | undefined>

export const HOOK_NAME = 'hook.mesh.svc'

export async function createTestAuthority(): Promise<CertifiedKey> {
  return createAuthority({ commonName: 'authority of tests', now: new Date(), validDays: 1 })
}

export interface ScriptedWebhookOptions {
  readonly authority: CertifiedKey
  readonly script: Script
  readonly dnsNames?: readonly string[]
  readonly validDays?: number
}

export async function startScriptedWebhook(options: ScriptedWebhookOptions): Promise<ScriptedWebhook> {
  const { authority, script, dnsNames = [HOOK_NAME], validDays = 1 } = options
  const named = { commonName: 'hook', dnsNames, ipAddresses: ['127.0.0.1'] }
  const certified = await issueServerCertificate({ authority, ...named, now: new Date(), validDays })
  const asked: { path: string; review: JsonObject }[] = []
  const tls: ServerOptions = { key: certified.keyPem, cert: certified.certPem }
  const server = createServer(tls, answerBy(script, asked))
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listen(server, { host: '127.0.0.1', port: 0 })
  return {
    port,
    caBundle: Buffer.from(authority.certPem).toString('base64'),
    asked,
    connections: () => connections,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function answerBy(script: Script, asked: { path: string; review: JsonObject }[]): RequestListener {
  return async (message, response) => {
    const review = await readJson(message)
    const path = message.url ?? ''
    asked.push({ path, review })
    const request = review['request']
    if (!isJsonObject(request)) throw new Error('the review has no request')
    const wanted = await script({ path, request, response })
    if (wanted === undefined) return
    const uid = request['uid'] ?? null
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(reviewOf({ uid, ...wanted })))
  }
}

export function reviewOf(response: JsonObject): JsonObject {
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }
}

/** The members of a response that has the object changed. */
export function patchResponse(operations: Json): JsonObject {
  const patch = Buffer.from(JSON.stringify(operations)).toString('base64')
  return { allowed: true, patchType: 'JSONPatch', patch }
}

async function readJson(message: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  const value: Json = JSON.parse(Buffer.concat(chunks).toString())
  if (!isJsonObject(value)) throw new Error('the body is no object')
  return value
}
