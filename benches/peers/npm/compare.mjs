// Times the codecs of npm on the frames of a file, and prints JSON.
//
//     node compare.mjs FRAMES [--quick]
//
// A codec is timed on a frame only if it gives the expected tree, and only if its encoding of that tree decodes to it.

import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { decodeDecompressedBinaryNode, encodeBinaryNode } from 'baileys/lib/WABinary/index.js'
import * as constants from 'baileys/lib/WABinary/constants.js'
import { decodeBinaryNode, encodeBinaryNodeStanza } from 'zapo-js/transport'

const [path, option] = process.argv.slice(2)
const effort = option === '--quick' ? { warm: 5, rounds: 3, turn: 2 } : { warm: 80, rounds: 9, turn: 8 }

// Each decodes a body, and encodes to a frame with its flag byte.
const codecs = [
  {
    name: 'baileys',
    decode: body => decodeDecompressedBinaryNode(body, constants),
    encode: node => encodeBinaryNode(node),
  },
  { name: 'zapo-js', decode: body => decodeBinaryNode(body), encode: node => encodeBinaryNodeStanza(node) },
]
const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

// A tree in the form of the file. Objects keep names that are numbers before others, so the order of attributes does
// not count. Baileys writes a bare server with an `@` before it.
const normal = ({ tag, attrs, content }) => ({
  tag,
  attrs: Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, value.replace(/^@/, '')])),
  content: Array.isArray(content)
    ? content.map(normal)
    : content == null ? null : Buffer.from(content).toString('base64'),
})

// What work gives for each item, if its trees are those expected.
const checked = (name, trees, items, work, tree) => {
  try {
    const made = items.map(work)
    if (made.every((one, at) => isDeepStrictEqual(normal(tree(one)), trees[at]))) return made
  } catch (error) {
    console.error(String(error))
  }
  console.error(`${name}: another tree`)
}

let sink

// Milliseconds that doing `work` for all of `items`, `count` times, takes.
const turn = ({ work, items }, count) => {
  const start = process.hrtime.bigint()
  for (let n = 0; n < count; n += 1) {
    for (const item of items) sink = work(item)
  }
  return Number(process.hrtime.bigint() - start) / 1e6
}

// Nanoseconds per item of each job, in turns; the median of the rounds.
const time = jobs => {
  for (const job of jobs) {
    let done = 0
    for (let spent = 0; spent < effort.warm || done < 3; done += 1) spent += turn(job, 1)
    const single = turn(job, Math.min(done, 100)) / Math.min(done, 100)
    Object.assign(job, { count: Math.max(1, Math.round(effort.turn / single)), rounds: [] })
  }
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const job of jobs) job.rounds.push((turn(job, job.count) * 1e6) / job.count / job.items.length)
  }
  for (const { frame, kind, rounds } of jobs) frame[kind] = rounds.sort((a, b) => a - b)[rounds.length >> 1]
}

const peers = codecs.map(({ name }) => ({ name, version: dependencies[name], frames: [] }))
for (const { name, bodies: encoded, trees } of JSON.parse(readFileSync(path, 'utf8'))) {
  const bodies = encoded.map(body => Buffer.from(body, 'base64'))
  const [decoding, encoding] = [[], []]
  codecs.forEach((codec, at) => {
    const frame = { frame: name, decode: null, encode: null, same_bytes: false }
    peers[at].frames.push(frame)
    const nodes = checked(`${codec.name}, ${name}`, trees, bodies, codec.decode, node => node)
    if (!nodes) return
    decoding.push({ frame, kind: 'decode', work: codec.decode, items: bodies })
    const body = bytes => Buffer.from(bytes).subarray(1)
    const decoded = bytes => codec.decode(body(bytes))
    const frames = checked(`${codec.name}, ${name}, encoded`, trees, nodes, codec.encode, decoded)
    if (!frames) return
    frame.same_bytes = frames.every((bytes, at) => bytes[0] === 0 && bodies[at].equals(body(bytes)))
    encoding.push({ frame, kind: 'encode', work: codec.encode, items: nodes })
  })
  // First all that decode, then all that encode, so that the codecs take turns at the same work.
  time(decoding)
  time(encoding)
}
console.log(JSON.stringify({ node: process.version, peers }))
