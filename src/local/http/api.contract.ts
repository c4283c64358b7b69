import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { type ApiAddress, createRawApi, type RawApi } from './raw-api.contract.ts'

export interface OpenedApi extends ApiAddress {
  close(): Promise<void>
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'
const discovery = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json`

/** What a Kubernetes API keeps on the wire, whichever server answers. Leaves nothing behind. */
export function describeKubernetesApi(name: string, open: () => Promise<OpenedApi>): void {
  describe(`the HTTP of the Kubernetes API of ${name}`, () => {
    let opened: OpenedApi
    let api: RawApi
    let namespace: string
    let maps: string

    beforeAll(async () => {
      opened = await open()
      api = createRawApi(opened)
      const made = await api.ask('/api/v1/namespaces', { body: { metadata: { generateName: 'contract-' } } })
      namespace = textAt(made.body, 'metadata', 'name')
      maps = `/api/v1/namespaces/${namespace}/configmaps`
    })
    afterAll(async () => {
      await api?.ask(`/api/v1/namespaces/${namespace}`, { method: 'DELETE' })
      api?.close()
      await opened?.close()
    })

    const create = (named: string, data: object = {}, labels: object = {}) =>
      api.ask(maps, { body: { metadata: { name: named, labels }, data } })
    const patch = (named: string, type: string, body: unknown, query = '') =>
      api.ask(`${maps}/${named}${query}`, { method: 'PATCH', type: `application/${type}`, body })

    describe('discovery', () => {
      it('lists groups and versions, and all at once for who asks', async () => {
        expect((await api.ask('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
        const groups = await api.ask('/apis')
        expect(groups.body['kind']).toBe('APIGroupList')
        const apps = await api.ask('/apis/apps')
        expect(apps.body).toMatchObject({
          kind: 'APIGroup',
          name: 'apps',
          preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
        })
        const resources = await api.ask('/apis/apps/v1')
        expect(resources.body).toMatchObject({ kind: 'APIResourceList', groupVersion: 'apps/v1' })
        expect(resources.body['resources']).toContainEqual(
          expect.objectContaining({ name: 'deployments', kind: 'Deployment', namespaced: true }),
        )
        const all = await api.ask('/apis', { accept: discovery('v2') })
        expect(all.type).toMatch(/g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList/)
        expect(all.body['kind']).toBe('APIGroupDiscoveryList')
      })

      it('describes objects, and tags what it says', async () => {
        const index = await api.ask('/openapi/v3')
        expect(Object(index.body['paths'])).toHaveProperty(['apis/apps/v1', 'serverRelativeURL'])
        const url = textAt(Object(index.body['paths']), 'apis/apps/v1', 'serverRelativeURL')
        const document = await api.ask(url)
        expect(document.body).toMatchObject({ openapi: '3.0.0' })
        const tagged = await api.ask('/apis', { accept: discovery('v2') })
        const again = await api.ask('/apis', {
          accept: discovery('v2'),
          headers: { 'if-none-match': tagged.headers.etag },
        })
        expect(again.status).toBe(304)
      })

      it('counts what it is asked', async () => {
        await api.ask('/api')
        expect((await api.ask('/metrics')).text).toMatch(/^apiserver_request_total\{.*code="200"/m)
      })

      it('says its version, and that it is well', async () => {
        expect((await api.ask('/version')).body).toMatchObject({ major: '1' })
        expect((await api.ask('/readyz')).text).toBe('ok')
      })
    })

    describe('objects', () => {
      it('are created, read, replaced and removed', async () => {
        const created = await create('plain', { a: '1' })
        expect(created.status).toBe(201)
        expect(created.body).toMatchObject({
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: {
            name: 'plain',
            namespace,
            uid: expect.any(String),
            resourceVersion: expect.any(String),
          },
        })
        const read = await api.ask(`${maps}/plain`)
        expect(read).toMatchObject({ status: 200, body: { data: { a: '1' } } })
        const replaced = await api.ask(`${maps}/plain`, {
          method: 'PUT',
          body: { ...read.body, data: { a: '2' } },
        })
        expect(replaced.status).toBe(200)
        const stale = await api.ask(`${maps}/plain`, {
          method: 'PUT',
          body: { ...read.body, data: { a: '3' } },
        })
        expect(stale).toMatchObject({
          status: 409,
          body: {
            kind: 'Status',
            status: 'Failure',
            reason: 'Conflict',
            code: 409,
            message:
              'Operation cannot be fulfilled on configmaps "plain": the object has been modified; please apply your changes to the latest version and try again',
            details: { name: 'plain', kind: 'configmaps' },
          },
        })
        const removed = await api.ask(`${maps}/plain`, { method: 'DELETE' })
        expect(removed).toMatchObject({
          status: 200,
          body: { kind: 'Status', status: 'Success', details: { name: 'plain', kind: 'configmaps' } },
        })
      })

      it('that are not there, or are there already, are told as Status', async () => {
        expect(await api.ask(`${maps}/none`)).toMatchObject({
          status: 404,
          body: {
            kind: 'Status',
            apiVersion: 'v1',
            status: 'Failure',
            reason: 'NotFound',
            code: 404,
            message: 'configmaps "none" not found',
            details: { name: 'none', kind: 'configmaps' },
          },
        })
        await create('twice')
        expect(await create('twice')).toMatchObject({
          status: 409,
          body: { reason: 'AlreadyExists', message: 'configmaps "twice" already exists' },
        })
        expect((await api.ask('/apis/nothing.example/v1/things')).status).toBe(404)
        expect((await api.ask(`/api/v1/configmaps/twice`)).status).toBe(404)
      })

      it('that are wrong are refused, cause by cause', async () => {
        const wrong = await api.ask(maps, { body: { metadata: { name: 'Wrong_' } } })
        expect(wrong).toMatchObject({
          status: 422,
          body: {
            reason: 'Invalid',
            code: 422,
            details: {
              name: 'Wrong_',
              kind: 'ConfigMap',
              causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name', message: expect.any(String) }],
            },
          },
        })
        expect((await api.ask(maps, { body: '{"broken' })).status).toBe(400)
        expect((await api.ask(maps, { body: '<a/>', type: 'text/xml' })).status).toBe(415)
        expect((await api.ask(maps, { accept: 'text/xml' })).status).toBe(406)
        const strict = await api.ask(`${maps}?fieldValidation=Strict`, {
          body: { metadata: { name: 'strict' }, dat: {} },
        })
        expect(strict).toMatchObject({ status: 400, body: { reason: 'BadRequest' } })
        expect(textAt(strict.body, 'message')).toContain('strict decoding error: unknown field "dat"')
        const warned = await api.ask(`${maps}?fieldValidation=Warn`, {
          body: { metadata: { name: 'warned' }, dat: {} },
        })
        expect(warned.status).toBe(201)
        expect(warned.headers['warning']).toBe('299 - "unknown field \\"dat\\""')
      })

      it('are not written by a dry run', async () => {
        const tried = await api.ask(`${maps}?dryRun=All`, { body: { metadata: { name: 'tried' } } })
        expect(tried.status).toBe(201)
        expect((await api.ask(`${maps}/tried`)).status).toBe(404)
      })

      it('are listed by labels and fields, and removed together', async () => {
        await create('one', {}, { set: 'x' })
        await create('two', {}, { set: 'x' })
        const names = async (query: string) => {
          const { body } = await api.ask(`${maps}?${query}`)
          expect(body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' })
          return itemsOf(body).map(item => textAt(item, 'metadata', 'name'))
        }
        expect(await names('labelSelector=set%3Dx')).toEqual(['one', 'two'])
        expect(await names('labelSelector=set%3Dx&fieldSelector=metadata.name%3Dtwo')).toEqual(['two'])
        expect(await names('labelSelector=set+in+(y)')).toEqual([])
        expect((await api.ask(`${maps}?fieldSelector=data.a%3D1`)).status).toBe(400)
        expect((await api.ask(`${maps}?labelSelector=a+b+c`)).status).toBe(400)
        expect((await api.ask(`${maps}?labelSelector=set%3Dx`, { method: 'DELETE' })).status).toBe(200)
        expect(await names('labelSelector=set%3Dx')).toEqual([])
      })
    })

    describe('patches', () => {
      it('are of four kinds', async () => {
        await create('patched', { a: '1' })
        const json = [{ op: 'add', path: '/data/b', value: '2' }]
        expect((await patch('patched', 'json-patch+json', json)).status).toBe(200)
        expect((await patch('patched', 'merge-patch+json', { data: { a: null, c: '3' } })).status).toBe(200)
        expect((await patch('patched', 'strategic-merge-patch+json', { data: { d: '4' } })).status).toBe(200)
        const applied = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'patched' },
          data: { e: '5' },
        }
        const answer = await patch('patched', 'apply-patch+yaml', applied, '?fieldManager=contract')
        expect(answer).toMatchObject({ status: 200, body: { data: { b: '2', c: '3', d: '4', e: '5' } } })
        const failed = await patch('patched', 'json-patch+json', [
          { op: 'test', path: '/data/b', value: '9' },
        ])
        expect(failed.status).toBe(422)
        expect((await patch('patched', 'unknown-patch', {})).status).toBe(415)
      })

      it('that apply create what is not there, and conflict with other managers', async () => {
        const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1' } }
        const apply = (value: string, query: string) =>
          patch('applied', 'apply-patch+yaml', { ...body, data: { a: value } }, query)
        expect((await apply('1', '?fieldManager=one')).status).toBe(201)
        const conflict = await apply('2', '?fieldManager=two')
        expect(conflict).toMatchObject({
          status: 409,
          body: {
            reason: 'Conflict',
            message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
            details: { causes: [{ reason: 'FieldManagerConflict', field: '.data.a' }] },
          },
        })
        expect((await apply('2', '?fieldManager=two&force=true')).status).toBe(200)
        expect((await apply('3', '')).status).toBe(422)
      })
    })

    describe('tables', () => {
      it('have columns, and rows with metadata', async () => {
        await create('rowed', { a: '1' })
        const { body } = await api.ask(`${maps}?fieldSelector=metadata.name%3Drowed`, { accept: TABLE })
        expect(body).toMatchObject({
          kind: 'Table',
          apiVersion: 'meta.k8s.io/v1',
          columnDefinitions: [
            { name: 'Name', type: 'string', format: 'name', priority: 0 },
            { name: 'Data', priority: 0 },
            { name: 'Age', priority: 0 },
          ],
          rows: [
            {
              cells: ['rowed', expect.anything(), expect.any(String)],
              object: { kind: 'PartialObjectMetadata', metadata: { name: 'rowed' } },
            },
          ],
        })
        const whole = await api.ask(`${maps}/rowed?includeObject=Object`, { accept: TABLE })
        expect(whole.body['rows']).toMatchObject([{ object: { kind: 'ConfigMap', data: { a: '1' } } }])
        const metadata = await api.ask(`${maps}/rowed`, { accept: METADATA })
        expect(metadata.body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'rowed' } })
        expect(metadata.body).not.toHaveProperty('data')
      })
    })

    describe('watches', () => {
      const next = async (lines: AsyncGenerator<JsonObject>) => {
        const { value } = await lines.next()
        return [value?.type, textAt(Object(value?.object), 'metadata', 'name'), value?.object] as const
      }

      it('go on from a list, and tell objects that leave a selection as gone', async () => {
        const list = await api.ask(`${maps}?labelSelector=seen`)
        const version = textAt(list.body, 'metadata', 'resourceVersion')
        const lines = api.watch(`${maps}?watch=true&labelSelector=seen&resourceVersion=${version}`)
        await create('seen', {}, { seen: 'yes' })
        await patch('seen', 'merge-patch+json', { data: { a: '1' } })
        await patch('seen', 'merge-patch+json', { metadata: { labels: { seen: null } } })
        expect(await next(lines)).toMatchObject(['ADDED', 'seen', { kind: 'ConfigMap', apiVersion: 'v1' }])
        expect(await next(lines)).toMatchObject(['MODIFIED', 'seen', { data: { a: '1' } }])
        expect(await next(lines)).toMatchObject(['DELETED', 'seen', {}])
        await lines.return(undefined)
      })

      it('tell what there is first, and say where that ends', async () => {
        await create('initial', {}, { early: 'yes' })
        const query =
          'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=early'
        const lines = api.watch(`${maps}?${query}`)
        expect(await next(lines)).toMatchObject(['ADDED', 'initial', {}])
        expect(await next(lines)).toMatchObject([
          'BOOKMARK',
          '',
          { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
        ])
        await lines.return(undefined)
      })

      it('tell tables to who wants them, the columns once', async () => {
        await create('tabled', {}, { tabled: 'yes' })
        const lines = api.watch(`${maps}?watch=true&labelSelector=tabled`, TABLE)
        const [, , first] = await next(lines)
        expect(first).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, {}, {}] })
        await patch('tabled', 'merge-patch+json', { data: { a: '1' } })
        const [type, , second] = await next(lines)
        expect(type).toBe('MODIFIED')
        expect(second).toMatchObject({
          kind: 'Table',
          rows: [{ cells: ['tabled', expect.anything(), expect.any(String)] }],
        })
        await lines.return(undefined)
      })

      it('end when their time is up', async () => {
        const lines = api.watch(`${maps}?watch=true&timeoutSeconds=1&labelSelector=nobody`)
        expect(await lines.next()).toEqual({ done: true, value: undefined })
      })

      it('and lists name versions that there are', async () => {
        expect((await api.ask(`${maps}?resourceVersion=abc`)).status).toBe(400)
        const future = await api.ask(`${maps}?resourceVersion=999999999999`)
        expect(future).toMatchObject({
          status: 504,
          body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
        })
      })
    })

    it('lets nobody in without a token', async () => {
      const stranger = await api.ask(maps, { headers: { authorization: '' } })
      expect([401, 403]).toContain(stranger.status)
      expect(await api.ask(maps, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({
        status: 401,
        body: { kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 },
      })
    })

    it('answers questions about who asks and who may', async () => {
      const review = { spec: { resourceAttributes: { namespace, verb: 'get', resource: 'pods' } } }
      const may = await api.ask('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body: review })
      expect(may).toMatchObject({ status: 201, body: { status: { allowed: true } } })
      const who = await api.ask('/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: {} })
      expect(who).toMatchObject({
        status: 201,
        body: { status: { userInfo: { username: expect.any(String) } } },
      })
    })
  })
}

function itemsOf(list: JsonObject): readonly JsonObject[] {
  const items = list['items']
  return Array.isArray(items) ? items.map(item => Object(item)) : []
}

/** Empty where there is no text. */
function textAt(object: JsonObject, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((value, member) => Object(value)[member], object)
  return typeof found === 'string' ? found : ''
}
