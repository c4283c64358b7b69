import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ContainerLog, oldLogFile, openContainerLog } from './container-log.ts'
import { createLineCutter } from './line-cutter.ts'
import { type ReadLogOptions, readLog } from './log-reader.ts'

const NOW = Date.parse('2026-01-02T03:04:05.678Z') * 1000 + 9
let folder: string
let log: ContainerLog
let time: number

async function open(maxBytes = 1_000_000): Promise<void> {
  log = await openContainerLog({ file: join(folder, 'app.log'), maxBytes, now: () => time })
}

beforeEach(async () => {
  time = NOW
  folder = await mkdtemp(join(tmpdir(), 'kiseki-log-'))
  await open()
})
afterEach(async () => {
  await log.close()
  await rm(folder, { recursive: true })
})

const print = (text: string) => log.write('stdout', Buffer.from(text))
async function read(options?: ReadLogOptions): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of readLog(log, options)) lines.push(line)
  return lines
}

describe('the log of a container', () => {
  it('has the format of the CRI', async () => {
    await log.write('stdout', Buffer.from('one\ntw'))
    await log.write('stderr', Buffer.from('oops\n'))
    await log.write('stdout', Buffer.from('o\nthree'))
    await log.endLines()
    expect(await readFile(log.file, 'utf8')).toBe(
      [
        '2026-01-02T03:04:05.678009Z stdout F one',
        '2026-01-02T03:04:05.678009Z stderr F oops',
        '2026-01-02T03:04:05.678009Z stdout F two',
        '2026-01-02T03:04:05.678009Z stdout F three',
        '',
      ].join('\n'),
    )
  })

  it('keeps one old file, and no more', async () => {
    await log.close()
    await open(200)
    for (let i = 0; i < 20; i++) await print(`line ${i}\n`)
    const [old, current] = await Promise.all([readFile(oldLogFile(log.file)), readFile(log.file)])
    expect(old.length).toBeLessThanOrEqual(200)
    expect(current.length).toBeLessThanOrEqual(200)
    const lines = await read()
    expect(lines.at(-1)).toBe('line 19')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => `line ${20 - lines.length + i}`))
  })

  it('begins a new file when somebody has removed the one it writes', async () => {
    await log.close()
    await open(200)
    await print('line 0\n')
    await rm(log.file)
    for (let i = 1; i < 8; i++) await print(`line ${i}\n`)
    expect(await readFile(log.file, 'utf8')).toContain('line 7')
  })

  it('gives the last lines, also when they are in two files', async () => {
    await log.close()
    await open(200)
    for (let i = 0; i < 6; i++) await print(`line ${i}\n`)
    expect(await read({ tail: 0 })).toEqual([])
    expect(await read({ tail: 3 })).toEqual(['line 3', 'line 4', 'line 5'])
    expect((await read({ tail: 1000 })).at(-1)).toBe('line 5')
  })

  it('is followed over the change of its file, without a line lost or twice', async () => {
    await log.close()
    await open(500)
    const followed: string[] = []
    const following = (async () => {
      for await (const line of readLog(log, { follow: true })) followed.push(line)
    })()
    const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`)
    for (const [index, line] of lines.entries()) {
      await print(`${line}\n`)
      // A reader that is slower than two changes of the file would miss one: it is given its time.
      while (followed.length <= index) await new Promise(resolve => setImmediate(resolve))
    }
    await log.close()
    await following
    expect(followed).toEqual(lines)
  })

  it('tells the starts of a container apart, and ends with the one that is followed', async () => {
    const endFirst = log.beginRun()
    await print('first\n')
    endFirst()
    time += 1_000_000
    const endSecond = log.beginRun()
    await print('second\n')
    expect(await read({ run: 'previous' })).toEqual(['first'])
    expect(await read({ run: 'current' })).toEqual(['second'])
    const following = read({ run: 'current', follow: true })
    endSecond()
    expect(await following).toEqual(['second'])
  })

  it('gives lines with their times, and only those that are not too old', async () => {
    await print('old\n')
    time += 1_000_000
    await print('new\n')
    const [line = ''] = await read({ sinceMicros: time, timestamps: true })
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z new$/)
    expect(await read({ sinceMicros: time })).toEqual(['new'])
  })

  it('is left when the reader no longer wants it', async () => {
    await print('one\n')
    const enough = new AbortController()
    const lines: string[] = []
    for await (const line of readLog(log, { follow: true, signal: enough.signal })) {
      lines.push(line)
      enough.abort()
    }
    expect(lines).toEqual(['one'])
  })

  it('gives lines as they were printed, whatever they are and however they come', async () => {
    const line = fc.string({ unit: 'binary' }).map(text => text.replaceAll(/[\n\ud800-\udfff]/g, ''))
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat({ max: 50 })), async (lines, cuts) => {
        await log.close()
        await rm(log.file)
        await open()
        let rest = Buffer.from(lines.map(each => `${each}\n`).join(''))
        for (const cut of cuts) {
          await log.write('stdout', rest.subarray(0, cut))
          rest = rest.subarray(cut)
        }
        await log.write('stdout', rest)
        expect(await read()).toEqual(lines)
      }),
      { numRuns: 30 },
    )
  })

  it('writes very long lines in parts, and reads them whole', async () => {
    const long = 'x'.repeat(50_000)
    await print(`${long}\nshort\n`)
    const tags = (await readFile(log.file, 'utf8')).split('\n').map(line => line.split(' ')[2])
    expect(tags).toEqual(['P', 'P', 'P', 'F', 'F', undefined])
    expect(await read()).toEqual([long, 'short'])
  })
})

describe('cutting lines', () => {
  it('keeps every byte', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40_000 })), pieces => {
        const cutter = createLineCutter()
        const lines = [...pieces.flatMap(piece => cutter.push(Buffer.from(piece))), ...cutter.end()]
        const whole = Buffer.concat(pieces)
        const again = Buffer.concat(
          lines.flatMap(({ text, whole: ends }) => (ends ? [text, Buffer.from('\n')] : [text])),
        )
        const ended = whole.length === 0 || whole.at(-1) === 0x0a
        expect(again.equals(ended ? whole : Buffer.concat([whole, Buffer.from('\n')]))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})
