// The adapter of Baileys, for versions 7 and 6. The argument is the folder of the package:
//
//     wabinary-conformance --command 'node baileys.mjs node_modules/baileys'

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const folder = resolve(process.argv[2] ?? 'node_modules/baileys')
const load = file => import(pathToFileURL(`${folder}/lib/WABinary/${file}.js`))
const [{ decodeBinaryNode }, { encodeBinaryNode }] = [await load('decode'), await load('encode')]
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
const is6 = version.startsWith('6.')

// Texts in this codec's attributes may be addresses: it does not tell which.
const toJson = ({ tag, attrs, content }) => ({ tag, attrs: Object.entries(attrs), content: contentToJson(content) })
const contentToJson = content => {
  if (content === undefined || content === null) return null
  if (Array.isArray(content)) return { nodes: content.map(toJson) }
  return typeof content === 'string' ? { text: content } : { bytes: Buffer.from(content).toString('base64') }
}

// It writes a text with an @ as an address, and a server alone as a text that begins with one.
const address = ({ jid }) => (jid.includes('@') ? jid : `@${jid}`)
const value = value => (value !== null && typeof value === 'object' ? address(value) : value)
const fromJson = ({ tag, attrs, content }) => {
  const node = { tag, attrs: Object.fromEntries(attrs.map(([name, one]) => [name, value(one)])) }
  if (content?.nodes) node.content = content.nodes.map(fromJson)
  else if (content?.bytes !== undefined) node.content = Buffer.from(content.bytes, 'base64')
  else if (content) node.content = content.text ?? address(content)
  return node
}

const operations = {
  describe: () => ({
    name: is6 ? 'Baileys 6' : 'Baileys',
    version,
    dictionaries: [is6 ? 2 : 3],
    keeps: ['attr-order', 'empty-children', 'text-content'],
  }),
  decode: async ({ hex }) => ({ node: toJson(await decodeBinaryNode(Buffer.from(hex, 'hex'))) }),
  encode: ({ node }) => ({ hex: Buffer.from(encodeBinaryNode(fromJson(node))).toString('hex') }),
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  let answer
  try {
    answer = await operations[request.op](request)
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`)
}
