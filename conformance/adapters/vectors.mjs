// Runs the folder of vectors through an adapter, without the kit:
//
//     node vectors.mjs ../vectors node baileys.mjs node_modules/baileys
//
// Each tree must encode to the bytes of its frame, each frame must decode, and what every decoder refuses must be refused.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const stop = why => {
  console.error(why)
  process.exit(2)
}
const [folder, program, ...args] = process.argv.slice(2)
if (program === undefined) stop('usage: node vectors.mjs FOLDER PROGRAM [ARGUMENT ...]')
process.stdout.on('error', () => process.exit())
const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
child.on('error', error => stop(`cannot start the adapter: ${error.message}`))
child.stdin.on('error', () => {}) // If the adapter ended, no answer comes, which says so.
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
let id = 0
const ask = async request => {
  child.stdin.write(`${JSON.stringify({ id: ++id, ...request })}\n`)
  const { value, done } = await answers.next()
  if (done) stop(`the adapter ended at ${request.op} ${request.hex ?? ''}`)
  return JSON.parse(value)
}
const records = file => readFileSync(`${folder}/${file}.jsonl`, 'utf8').trim().split('\n').map(line => JSON.parse(line))

// The short forms stand for long bytes and many children.
const expand = node => {
  let { content } = node
  if (content?.repeat) content = { bytes: Buffer.alloc(content.repeat.count, content.repeat.byte).toString('base64') }
  else if (content?.repeat_nodes) content = { nodes: Array(content.repeat_nodes.count).fill(expand(content.repeat_nodes.node)) }
  else if (content?.nodes) content = { nodes: content.nodes.map(expand) }
  return { ...node, content }
}

const { name, version, dictionaries } = await ask({ op: 'describe' })
console.log(`${name} ${version}`)
const failed = []
const check = async (test, records) => {
  const good = await Promise.all(records.map(async record => (await test(record)) || void failed.push(record.name)))
  return `${good.filter(Boolean).length} of ${good.length}`
}
for (const [file, dictionary] of [['peer-encoded', 3], ['v2-peer-encoded', 2]].filter(([, one]) => dictionaries.includes(one))) {
  const all = records(file)
  // Compressors differ, so only plain frames are compared.
  const plain = all.filter(({ hex }) => hex.startsWith('00'))
  const decodes = async ({ hex }) => !(await ask({ op: 'decode', dictionary, hex })).error
  const encodes = async ({ node, hex }) => (await ask({ op: 'encode', dictionary, node: expand(node) })).hex === hex
  console.log(`${file}: ${await check(decodes, all)} frames decode, ${await check(encodes, plain)} trees encode to the same bytes`)
}
const hard = records('malformed').filter(record => record.class === 'hard' && dictionaries.includes(3))
const refuses = async ({ hex }) => (await ask({ op: 'decode', dictionary: 3, hex })).error !== undefined
console.log(`malformed: ${await check(refuses, hard)} frames are refused that every decoder refuses`)
failed.forEach(name => console.log(`  fails: ${name}`))
child.stdin.end()
process.exitCode = failed.length > 0 ? 1 : 0
