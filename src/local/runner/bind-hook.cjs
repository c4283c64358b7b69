/**
 * Preloaded into Node apps (NODE_OPTIONS=--require): who listens on all addresses listens on the pod's address
 * instead, as in a network namespace of its own. So two pods may listen on the same port.
 */
'use strict'

const net = require('node:net')

const podAddress = process.env.POD_IP
const ANY = new Set(['', '0.0.0.0', '::', '[::]', '*', undefined, null])

if (podAddress) {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function listenOnPod(...args) {
    return listen.apply(this, moved(args))
  }
}

/** `listen([port[, host[, backlog]]][, callback])` or `listen(options[, callback])`; paths and handles stay. */
function moved(args) {
  const [first, ...rest] = args
  if (typeof first === 'object' && first !== null) {
    const names = 'port' in first && !('path' in first) && first.fd === undefined
    return names && ANY.has(first.host) ? [{ ...first, host: podAddress }, ...rest] : args
  }
  if (first === undefined || first === null || typeof first === 'function') {
    return [{ port: 0, host: podAddress }, ...args.filter(arg => typeof arg === 'function')]
  }
  if (!isPort(first)) return args
  const host = typeof rest[0] === 'function' || typeof rest[0] === 'number' ? undefined : rest[0]
  if (!ANY.has(host)) return args
  const backlog = rest.find(arg => typeof arg === 'number')
  const options = { port: first, host: podAddress, ...(backlog === undefined ? {} : { backlog }) }
  return [options, ...rest.filter(arg => typeof arg === 'function')]
}

function isPort(value) {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
}
