import type { ObjectName } from '../../kube/client.ts'
import { KubeFailure } from '../../kube/kube-failure.ts'
import { matchesRequirements, parseLabelSelector } from '../../kube/label-selector.ts'
import type { KubeObject } from '../../model/kubernetes.ts'
import { type HttpRequest, type HttpResponse, json } from '../../runtime/http-exchange.ts'
import { parseFieldSelector } from '../api/field-selector.ts'
import type { ObjectApi } from '../api/object-api.ts'
import type { NamedTarget } from '../api/object-writer.ts'
import type { UserInfo, WriteContext } from '../api/write-context.ts'
import type { ApiResource } from '../registry/api-resource.ts'
import type { Selection } from '../store/selection.ts'
import { invalidObject } from '../store/store-errors.ts'
import { acceptedForm } from './accepted-form.ts'
import type { ObjectsPath } from './api-path.ts'
import { checkListVersion, namedVersion, wholeNumber } from './list-version.ts'
import { type FormOptions, listInForm, objectInForm } from './object-forms.ts'
import { readObject, readPatch, readRequired } from './read-object.ts'
import { readRemoval, writeContext } from './request-options.ts'
import { noSuchResource, successStatus } from './status-answer.ts'
import { watchLines } from './watch-stream.ts'

export interface ObjectRoutesOptions {
  readonly api: ObjectApi
  /** Microseconds since the epoch. */
  readonly now: () => number
  /** Aborts when the server stops: watches end. */
  readonly closing: AbortSignal
}

export interface ObjectCall {
  readonly request: HttpRequest
  readonly path: ObjectsPath
  readonly resource: ApiResource
  readonly user: UserInfo
}

/** Answers what is asked of objects: the verbs of the API, over HTTP. */
export class ObjectRoutes {
  readonly #options: ObjectRoutesOptions

  constructor(options: ObjectRoutesOptions) {
    this.#options = options
  }

  async answer(call: ObjectCall): Promise<HttpResponse> {
    const { method } = call.request
    const { name, subresource } = call.path
    checkScope(call)
    if (subresource === 'scale' && name !== undefined) return this.#answerScale(call, name)
    if (subresource !== undefined && subresource !== 'status') throw noSuchResource()
    if (name === undefined) return this.#answerCollection(call)
    const target = targetOf(call, name)
    if (method === 'GET' || method === 'HEAD') return this.#get(call, target)
    if (method === 'DELETE' && subresource === undefined) return this.#remove(call, target)
    if (method === 'PUT') {
      return this.#write(call, async context =>
        this.#api.replace(target, await readRequired(call.request), context),
      )
    }
    if (method === 'PATCH') return this.#patch(call, target)
    throw methodNotAllowed()
  }

  get #api(): ObjectApi {
    return this.#options.api
  }

  #answerCollection(call: ObjectCall): Promise<HttpResponse> | HttpResponse {
    const { method, query } = call.request
    if (method === 'GET' || method === 'HEAD') {
      return ['true', '1'].includes(query.get('watch') ?? '') ? this.#watch(call) : this.#list(call)
    }
    const { resource, path, request } = call
    if (method === 'POST') {
      if (resource.namespaced && path.namespace === undefined) throw methodNotAllowed()
      // Its fields may be unknown here, so that a body could not even be read.
      if (resource.unsupported !== undefined) throw new KubeFailure('NotImplemented', resource.unsupported)
      const place = path.namespace === undefined ? {} : { namespace: path.namespace }
      return this.#write(call, async context =>
        this.#api.create({ resource, place }, await readRequired(request), context),
      )
    }
    if (method === 'DELETE') return this.#removeAll(call)
    throw methodNotAllowed()
  }

  #get(call: ObjectCall, { resource, place }: NamedTarget): HttpResponse {
    return json(objectInForm(this.#api.get(resource, place), this.#form(call)))
  }

  #list(call: ObjectCall): HttpResponse {
    const { items, resourceVersion } = this.#api.list(call.resource, selectionOf(call))
    wholeNumber(call.request.query, 'limit')
    checkListVersion(call.request.query, resourceVersion)
    return json(listInForm(items, resourceVersion, this.#form(call)))
  }

  #watch(call: ObjectCall): HttpResponse {
    const { query, signal } = call.request
    const form = this.#form(call)
    const seconds = wholeNumber(query, 'timeoutSeconds') || DEFAULT_WATCH_SECONDS
    const ends = AbortSignal.any([signal, this.#options.closing, AbortSignal.timeout(seconds * 1000)])
    const initialEvents = query.get('sendInitialEvents') === 'true'
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
      body: watchLines(this.#api, {
        resource: call.resource,
        selection: selectionOf(call),
        resourceVersion: namedVersion(query),
        initialEvents,
        bookmarks: query.get('allowWatchBookmarks') === 'true',
        signal: ends,
        bookmarkForm: form.form.as === 'metadata' ? 'metadata' : 'object',
        form: (object, first) => objectInForm(object, form, first),
      }),
    }
  }

  async #patch(call: ObjectCall, target: NamedTarget): Promise<HttpResponse> {
    const patch = await readPatch(call.request)
    if (patch.type === 'apply' && !call.request.query.get('fieldManager'))
      throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
        {
          field: 'fieldManager',
          message: 'Required value: is required for apply patch',
          reason: 'FieldValueRequired',
        },
      ])
    return this.#write(call, context => this.#api.patch(target, patch, context))
  }

  async #answerScale(call: ObjectCall, name: string): Promise<HttpResponse> {
    const { request } = call
    const { subresource: _, ...path } = call.path
    const target = targetOf({ ...call, path }, name)
    if (request.method === 'GET') return json(this.#api.scale(target))
    if (request.method !== 'PUT' && request.method !== 'PATCH') throw methodNotAllowed()
    const write =
      request.method === 'PUT'
        ? ({ type: 'replace', body: await readRequired(request) } as const)
        : await readPatch(request)
    if (write.type === 'apply')
      throw new KubeFailure('NotImplemented', 'server-side apply of a scale is not supported here')
    return this.#write(call, async context => ({
      object: await this.#api.writeScale(target, write, context),
      created: false,
    }))
  }

  async #remove(call: ObjectCall, target: NamedTarget): Promise<HttpResponse> {
    const { removal, dryRun } = readRemoval(call.request, await readObject(call.request))
    const { resource, place } = target
    const { uid = '' } = this.#api.get(resource, place).metadata
    return withWarnings(async warn => {
      const context = { ...writeContext(call.request, call.user, warn), dryRun }
      const left = await this.#api.remove(target, removal, context)
      if (left !== undefined) return json(objectInForm(left, this.#form(call)))
      const group = resource.group === '' ? {} : { group: resource.group }
      return json(successStatus({ name: place.name, ...group, kind: resource.plural, uid }))
    })
  }

  async #removeAll(call: ObjectCall): Promise<HttpResponse> {
    const { removal, dryRun } = readRemoval(call.request, await readObject(call.request))
    return withWarnings(async warn => {
      const context = { ...writeContext(call.request, call.user, warn), dryRun }
      const { items, resourceVersion } = this.#api.list(call.resource, selectionOf(call))
      for (const { metadata } of items)
        await this.#api.remove({ resource: call.resource, place: metadata }, removal, context)
      return json(listInForm(items, resourceVersion, this.#form(call)))
    })
  }

  #write(
    call: ObjectCall,
    write: (context: WriteContext) => Promise<{ readonly object: KubeObject; readonly created: boolean }>,
  ): Promise<HttpResponse> {
    return withWarnings(async warn => {
      const { object, created } = await write(writeContext(call.request, call.user, warn))
      return json(objectInForm(object, this.#form(call)), created ? 201 : 200)
    })
  }

  #form({ request, resource }: ObjectCall): FormOptions {
    const form = acceptedForm(request.headers.accept)
    if (form === undefined)
      throw new KubeFailure('NotAcceptable', 'only the following media types are accepted: application/json')
    const wanted = request.query.get('includeObject')
    const includeObject = wanted === 'Object' || wanted === 'None' ? wanted : 'Metadata'
    return { resource, form, includeObject, nowMicros: this.#options.now() }
  }
}

const DEFAULT_WATCH_SECONDS = 45 * 60

/** The answer, with a `Warning` header for each sentence (RFC 7234 5.5). */
async function withWarnings(
  answer: (warn: (sentence: string) => void) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const sentences = new Set<string>()
  const answered = await answer(sentence => sentences.add(sentence))
  if (sentences.size === 0) return answered
  const warning = [...sentences].map(sentence => `299 - ${JSON.stringify(sentence)}`).join(', ')
  return { ...answered, headers: { ...answered.headers, warning } }
}

function targetOf({ resource, path }: ObjectCall, name: string): NamedTarget {
  const place: ObjectName = { name, ...(path.namespace === undefined ? {} : { namespace: path.namespace }) }
  return { resource, place, ...(path.subresource === 'status' ? { part: 'status' as const } : {}) }
}

/** An object of a namespace is only found in one, and others in none. */
function checkScope({ resource, path }: ObjectCall): void {
  const { namespace, name, subresource } = path
  if (namespace !== undefined && !resource.namespaced) throw noSuchResource()
  if (namespace === undefined && resource.namespaced && name !== undefined) throw noSuchResource()
  if (subresource !== undefined && !resource.subresources.some(part => part.name === subresource))
    throw noSuchResource()
}

function selectionOf({ request, path, resource }: ObjectCall): Selection {
  const { query } = request
  const requirements = parseLabelSelector(query.get('labelSelector') ?? '')
  const fields = parseFieldSelector(resource, query.get('fieldSelector') ?? '')
  return {
    ...(path.namespace === undefined ? {} : { namespace: path.namespace }),
    where: object => matchesRequirements(object.metadata.labels ?? {}, requirements) && fields(object),
  }
}

function methodNotAllowed(): KubeFailure {
  return new KubeFailure(
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
  )
}
