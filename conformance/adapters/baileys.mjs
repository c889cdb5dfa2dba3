// The adapter of Baileys, for versions 7 and 6. The argument is the folder of the package:
//
//     wabinary-conformance --command 'node baileys.mjs node_modules/baileys'

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { fromJson, serve, toJson } from './plain_trees.mjs'

const folder = resolve(process.argv[2] ?? 'node_modules/baileys')
const load = file => import(pathToFileURL(`${folder}/lib/WABinary/${file}.js`))
const [{ decodeBinaryNode }, { encodeBinaryNode }] = [await load('decode'), await load('encode')]
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
const is6 = version.startsWith('6.')

await serve({
  describe: () => ({
    name: is6 ? 'Baileys 6' : 'Baileys',
    version,
    dictionaries: [is6 ? 2 : 3],
    keeps: ['attr-order', 'empty-children', 'text-content'],
  }),
  decode: async ({ hex }) => ({ node: toJson(await decodeBinaryNode(Buffer.from(hex, 'hex'))) }),
  encode: ({ node }) => ({ hex: Buffer.from(encodeBinaryNode(fromJson(node))).toString('hex') }),
})
