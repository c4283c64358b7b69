import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LongLineError, readLines } from './lines.ts'

async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let left = Buffer.from(text)
  for (const size of sizes) {
    yield left.subarray(0, size)
    left = left.subarray(size)
  }
  yield left
}

async function linesOf(
  text: string,
  sizes: readonly number[],
  options: Parameters<typeof readLines>[1] = { mostBytes: 1000, longer: 'refuse' },
): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of readLines(inPieces(text, sizes), options)) lines.push(Buffer.from(line).toString())
  return lines
}

describe('lines of a stream', () => {
  it('are the same, however the stream is cut', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).filter(text => !text.includes('\n'))
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(12)), async (lines, sizes) => {
        const text = lines.map(one => `${one}\n`).join('')
        expect(await linesOf(text, sizes)).toEqual(lines)
      }),
    )
  })

  it('may lack the last line end', async () => {
    expect(await linesOf('a\nb', [1])).toEqual(['a', 'b'])
    expect(await linesOf('', [])).toEqual([])
  })

  it('are as long as allowed, and not a byte longer', async () => {
    const options = { mostBytes: 4, longer: 'refuse' } as const
    expect(await linesOf('1234\n5678\n', [2, 4], options)).toEqual(['1234', '5678'])
    await expect(linesOf('1234\n56789\n', [2, 4], options)).rejects.toThrow(LongLineError)
    await expect(linesOf('12345', [], options)).rejects.toThrow('longer than 4 bytes')
  })

  it('come in parts where that is asked for', async () => {
    const options = { mostBytes: 4, longer: 'split' } as const
    expect(await linesOf('123456789\n1\n', [3, 3], options)).toEqual(['1234', '5678', '9', '1'])
  })
})
