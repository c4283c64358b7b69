// An admission webhook: /mutate gives objects the label `hooked`, /validate refuses those with the label `forbidden`.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'

const key = readFileSync(`${process.env.TLS_FOLDER}/tls.key`)
const cert = readFileSync(`${process.env.TLS_FOLDER}/tls.crt`)

const ADD_LABEL = [
  { op: 'test', path: '/kind', value: 'ConfigMap' },
  { op: 'add', path: '/metadata/labels', value: {} },
  { op: 'add', path: '/metadata/labels/hooked', value: 'yes' },
]

function mutated({ labels }) {
  const patch = labels === undefined ? ADD_LABEL : ADD_LABEL.toSpliced(1, 1)
  return {
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    warnings: ['a label was added'],
  }
}

function validated({ labels = {} }) {
  if (labels.forbidden === undefined) return { allowed: true }
  return { allowed: false, status: { code: 403, message: `the label forbidden=${labels.forbidden}` } }
}

createServer({ key, cert }, (request, response) => {
  let body = ''
  request
    .on('data', chunk => (body += chunk))
    .on('end', () => {
      const review = JSON.parse(body)
      const { uid, object, operation } = review.request
      console.log(`${request.url} ${operation} ${object?.metadata.name}`)
      const answer = request.url.startsWith('/mutate') ? mutated(object.metadata) : validated(object.metadata)
      response.setHeader('content-type', 'application/json')
      const { apiVersion, kind } = review
      response.end(JSON.stringify({ apiVersion, kind, response: { uid, ...answer } }))
    })
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', function () {
  console.log(`listens on ${this.address().port}`)
})
process.on('SIGTERM', () => process.exit(0))
