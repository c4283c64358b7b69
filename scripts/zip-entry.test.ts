import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { zipEntry } from './zip-entry.ts'

interface File {
  readonly name: string
  readonly content: string
  readonly method: 0 | 8
}

/** An archive as zip programs write it. */
function zip(files: readonly File[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  for (const { name, content, method } of files) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(Buffer.byteLength(content), 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(Buffer.concat(locals).length, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, Buffer.from(name))
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed)
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(locals).length, 16)
  return Buffer.concat([...locals, ...directory, end])
}

describe('a zip archive', () => {
  const archive = zip([
    { name: 'kubectl/kubectl', content: 'packed '.repeat(100), method: 8 },
    { name: 'helm/helm', content: 'as it is', method: 0 },
  ])

  it('gives its files', () => {
    expect(zipEntry(archive, 'kubectl/kubectl')?.toString()).toBe('packed '.repeat(100))
    expect(zipEntry(archive, 'helm/helm')?.toString()).toBe('as it is')
    expect(zipEntry(archive, 'helm')).toBeUndefined()
  })

  it('is refused where it is none', () => {
    expect(() => zipEntry(Buffer.from('<html>'), 'a')).toThrow('no end of a zip archive')
  })
})
