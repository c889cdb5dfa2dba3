// The adapter of zapo-js. The argument is the folder of the package:
//
//     wabinary-conformance --command 'node zapo.mjs node_modules/zapo-js'

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

import { fromJson, serve, toJson } from './plain_trees.mjs'

const folder = resolve(process.argv[2] ?? 'node_modules/zapo-js')
const { decodeBinaryNodeStanza, encodeBinaryNodeStanza } = createRequire(import.meta.url)(`${folder}/dist/transport`)
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))

// Every content that is no list of nodes is bytes.
await serve({
  describe: () => ({ name: 'zapo', version, dictionaries: [3], keeps: ['attr-order'] }),
  decode: async ({ hex }) => ({ node: toJson(await decodeBinaryNodeStanza(new Uint8Array(Buffer.from(hex, 'hex')))) }),
  encode: ({ node }) => ({ hex: Buffer.from(encodeBinaryNodeStanza(fromJson(node))).toString('hex') }),
})
