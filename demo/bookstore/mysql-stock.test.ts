import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from './journal.ts'
import { openMysqlStock } from './mysql-stock.ts'
import { type FakeMysql, openFakeMysql } from './testing/fake-mysql.ts'

let mysql: FakeMysql
beforeEach(async () => {
  mysql = await openFakeMysql()
})
afterEach(() => mysql.close())

const optionsWith = (lines: string[], stop: AbortSignal) => ({
  address: mysql.address,
  env: {},
  journal: openJournal('bookwarehouse', line => lines.push(line)),
  stop,
  retryMs: 5,
})

describe('the stock in MySQL', () => {
  it('adds up in the table of the original', async () => {
    const stock = await openMysqlStock(optionsWith([], new AbortController().signal))
    expect(await stock?.add(1)).toBe(1)
    expect(await stock?.add(2)).toBe(3)
    await stock?.close()
    expect(mysql.users[0]).toBe('root@booksdemo')
    expect(mysql.queries[0]).toMatch(/^CREATE TABLE IF NOT EXISTS records/)
  })

  it('waits until the database is ready', async () => {
    const lines: string[] = []
    mysql.refuse(2)
    const stock = await openMysqlStock(optionsWith(lines, new AbortController().signal))
    await stock?.close()
    const notReady = "INF Booksdemo database is not ready (Unknown database 'booksdemo'). Wait for 0.005s ..."
    expect(lines).toEqual([
      `${notReady} component=bookwarehouse`,
      `${notReady} component=bookwarehouse`,
      'INF Booksdemo database is connected. component=bookwarehouse',
    ])
  })

  it('says so when books cannot be kept', async () => {
    const stock = await openMysqlStock(optionsWith([], new AbortController().signal))
    mysql.refuse(1)
    await expect(stock?.add(1)).rejects.toThrow('Unknown database')
    await stock?.close()
  })

  it('stops waiting when told to', async () => {
    const stopping = new AbortController()
    mysql.refuse(1)
    const options = { ...optionsWith([], stopping.signal), retryMs: 60_000 }
    const journal = { ...options.journal, info: () => stopping.abort() }
    expect(await openMysqlStock({ ...options, journal })).toBeUndefined()
  })
})
