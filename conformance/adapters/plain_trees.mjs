// What adapters share for codecs in JavaScript whose nodes are plain objects: their trees as JSON, and the loop over lines.

import { createInterface } from 'node:readline'

// Texts in attributes of these codecs may be addresses: they do not tell which.
export const toJson = ({ tag, attrs, content }) => ({ tag, attrs: Object.entries(attrs), content: contentToJson(content) })
const contentToJson = content => {
  if (content === undefined || content === null) return null
  if (Array.isArray(content)) return { nodes: content.map(toJson) }
  return typeof content === 'string' ? { text: content } : { bytes: Buffer.from(content).toString('base64') }
}

// They write a text with an @ as an address, and a server alone as a text that begins with one.
const address = ({ jid }) => (jid.includes('@') ? jid : `@${jid}`)
const value = value => (value !== null && typeof value === 'object' ? address(value) : value)
export const fromJson = ({ tag, attrs, content }) => {
  const node = { tag, attrs: Object.fromEntries(attrs.map(([name, one]) => [name, value(one)])) }
  // The codec cannot be asked for a tree that its own cannot hold.
  if (Object.keys(node.attrs).length < attrs.length) throw new Error('a name occurs twice')
  if (content?.nodes) node.content = content.nodes.map(fromJson)
  else if (content?.bytes !== undefined) node.content = Buffer.from(content.bytes, 'base64')
  else if (content) node.content = content.text ?? address(content)
  return node
}

// Answers each line of standard input.
export const serve = async operations => {
  process.stdout.on('error', () => process.exit()) // Nobody asks any more.
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
}
