import { inflateRawSync } from 'node:zlib'

// Numbers are those of APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16.
const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const STORED = 0
const DEFLATED = 8

/** The bytes of one file of a zip archive; undefined: it is not in there. Throws where the archive is none. */
export function zipEntry(archive: Buffer, name: string): Buffer | undefined {
  const end = archive.lastIndexOf(littleEndian(END_OF_DIRECTORY))
  if (end < 0 || end + END_BYTES > archive.length) throw new Error('no end of a zip archive in it')
  let entries = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (; entries > 0; entries--) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('its directory is damaged')
    const nameLength = archive.readUInt16LE(at + 28)
    const found = archive.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength)
    if (found === name) return contentOf(archive, at)
    at += ENTRY_BYTES + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return undefined
}

function contentOf(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10)
  const packedBytes = archive.readUInt32LE(entry + 20)
  const bytes = archive.readUInt32LE(entry + 24)
  const local = archive.readUInt32LE(entry + 42)
  const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const packed = archive.subarray(start, start + packedBytes)
  if (method !== STORED && method !== DEFLATED) throw new Error(`it is packed by method ${method}`)
  const content = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: bytes })
  if (content.length !== bytes) throw new Error(`it has ${content.length} bytes, not ${bytes}`)
  return content
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
