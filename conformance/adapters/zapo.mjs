// The adapter of zapo-js. The argument is the folder of the package:
//
//     wabinary-conformance --command 'node zapo.mjs node_modules/zapo-js'

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

const folder = resolve(process.argv[2] ?? 'node_modules/zapo-js')
const { decodeBinaryNodeStanza, encodeBinaryNodeStanza } = createRequire(import.meta.url)(`${folder}/dist/transport`)
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))

// Addresses are texts, and every content that is no list of nodes is bytes.
const toJson = ({ tag, attrs, content }) => ({ tag, attrs: Object.entries(attrs), content: contentToJson(content) })
const contentToJson = content => {
  if (content === undefined || content === null) return null
  if (Array.isArray(content)) return { nodes: content.map(toJson) }
  return typeof content === 'string' ? { text: content } : { bytes: Buffer.from(content).toString('base64') }
}

// It writes an attribute with an @ as an address.
const address = ({ jid }) => (jid.includes('@') ? jid : `@${jid}`)
const value = value => (value !== null && typeof value === 'object' ? address(value) : value)
const fromJson = ({ tag, attrs, content }) => {
  const node = { tag, attrs: Object.fromEntries(attrs.map(([name, one]) => [name, value(one)])) }
  if (content?.nodes) node.content = content.nodes.map(fromJson)
  else if (content?.bytes !== undefined) node.content = new Uint8Array(Buffer.from(content.bytes, 'base64'))
  else if (content) node.content = content.text ?? address(content)
  return node
}

const operations = {
  describe: () => ({ name: 'zapo', version, dictionaries: [3], keeps: ['attr-order'] }),
  decode: async ({ hex }) => ({ node: toJson(await decodeBinaryNodeStanza(new Uint8Array(Buffer.from(hex, 'hex')))) }),
  encode: ({ node }) => ({ hex: Buffer.from(encodeBinaryNodeStanza(fromJson(node))).toString('hex') }),
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
