import { expect, test } from 'vitest'
import { bearerFromSubprotocols, offeredSubprotocols, upgradeRequired } from './stream-protocols.ts'

const NAME = 'base64url.bearer.authorization.k8s.io.'
const token = (text: string) => `${NAME}${Buffer.from(text).toString('base64url')}`

test('a token is found among the subprotocols, and is none of those offered', () => {
  const header = `${token('secret.jwt')}, v5.channel.k8s.io`
  expect(bearerFromSubprotocols(header)).toBe('secret.jwt')
  expect(offeredSubprotocols(header)).toEqual(['v5.channel.k8s.io'])
})

test('a token counts only alone, well formed and beside a real subprotocol', () => {
  for (const header of [
    undefined,
    '',
    'v5.channel.k8s.io',
    token('alone'),
    `${token('a')}, ${token('b')}, v5.channel.k8s.io`,
    `${NAME}, v5.channel.k8s.io`,
    `${NAME}a b, v5.channel.k8s.io`,
    `${NAME}YQ==, v5.channel.k8s.io`,
    `${NAME}abcde, v5.channel.k8s.io`,
    `${NAME}_w, v5.channel.k8s.io`,
  ])
    expect(bearerFromSubprotocols(header)).toBeUndefined()
})

test('a request that does not ask to be upgraded is a bad one', () => {
  expect(upgradeRequired()).toMatchObject({
    status: 400,
    reason: 'BadRequest',
    message: 'Upgrade request required',
  })
})
