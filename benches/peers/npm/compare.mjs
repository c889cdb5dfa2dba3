// Times the codecs of npm on the frames of a file, and prints JSON.
//
//     node compare.mjs FRAMES [--quick]
//
// A codec is timed on a frame only if it gives the expected tree, and only if its encoding of that tree decodes to it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'

const require = createRequire(import.meta.url)
const [path, option] = process.argv.slice(2)
const effort = option === '--quick' ? { warm: 5, rounds: 3, turn: 2 } : { warm: 80, rounds: 9, turn: 8 }

const version = name => JSON.parse(readFileSync(require.resolve(`./node_modules/${name}/package.json`), 'utf8')).version

// Each decodes a body, and encodes to a frame with its flag byte.
const codecs = {
  baileys: async () => {
    const { decodeDecompressedBinaryNode, encodeBinaryNode } = await import('baileys/lib/WABinary/index.js')
    const constants = await import('baileys/lib/WABinary/constants.js')
    return { decode: body => decodeDecompressedBinaryNode(body, constants), encode: node => encodeBinaryNode(node) }
  },
  'zapo-js': async () => {
    const { decodeBinaryNode, encodeBinaryNodeStanza } = await import('zapo-js/transport')
    return { decode: decodeBinaryNode, encode: encodeBinaryNodeStanza }
  },
}

// A tree in the form of the file. Objects keep names that are numbers before others, so the order of attributes does
// not count. Baileys writes a bare server with an `@` before it.
const normal = ({ tag, attrs, content }) => ({
  tag,
  attrs: Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, value.replace(/^@/, '')])),
  content:
    content === undefined || content === null
      ? null
      : Array.isArray(content)
        ? content.map(normal)
        : Buffer.from(content).toString('base64'),
})

const same = (nodes, trees) => nodes.every((node, at) => isDeepStrictEqual(normal(node), trees[at]))

const attempt = work => {
  try {
    return work()
  } catch (error) {
    console.error(String(error))
    return undefined
  }
}

let sink

// Milliseconds that doing `work` for all of `items`, `count` times, takes.
const turn = (work, items, count) => {
  const start = process.hrtime.bigint()
  for (let n = 0; n < count; n += 1) {
    for (const item of items) sink = work(item)
  }
  return Number(process.hrtime.bigint() - start) / 1e6
}

// Nanoseconds per item of each job, in turns; the median of the rounds.
const time = jobs => {
  const counts = jobs.map(({ work, items }) => {
    let done = 0
    let spent = 0
    while (spent < effort.warm || done < 3) {
      spent += turn(work, items, 1)
      done += 1
    }
    const single = turn(work, items, Math.min(done, 100)) / Math.min(done, 100)
    return Math.max(1, Math.round(effort.turn / single))
  })
  const rounds = jobs.map(() => [])
  for (let round = 0; round < effort.rounds; round += 1) {
    jobs.forEach(({ work, items }, at) => {
      rounds[at].push((turn(work, items, counts[at]) * 1e6) / counts[at] / items.length)
    })
  }
  return rounds.map(list => list.sort((a, b) => a - b)[list.length >> 1])
}

const subjects = JSON.parse(readFileSync(path, 'utf8'))
const peers = []
for (const [name, load] of Object.entries(codecs)) {
  try {
    peers.push({ name, version: version(name), ...(await load()), frames: [] })
  } catch (error) {
    console.error(`${name} is left out: ${error.message}`)
  }
}

for (const { name, bodies: encoded, trees } of subjects) {
  const bodies = encoded.map(body => Buffer.from(body, 'base64'))
  const jobs = []
  for (const peer of peers) {
    const frame = { frame: name, decode: null, encode: null, same_bytes: false }
    peer.frames.push(frame)
    const nodes = attempt(() => bodies.map(peer.decode))
    if (nodes === undefined || !same(nodes, trees)) {
      console.error(`${peer.name}: another tree of ${name}`)
      continue
    }
    jobs.push({ frame, kind: 'decode', work: peer.decode, items: bodies })
    const frames = attempt(() => nodes.map(peer.encode))
    const again = frames && attempt(() => frames.map(bytes => peer.decode(Buffer.from(bytes).subarray(1))))
    if (again === undefined || !same(again, trees)) {
      console.error(`${peer.name}: what it encodes of ${name} is another tree`)
      continue
    }
    frame.same_bytes = frames.every((bytes, at) => bytes[0] === 0 && bodies[at].equals(Buffer.from(bytes).subarray(1)))
    jobs.push({ frame, kind: 'encode', work: peer.encode, items: nodes })
  }
  // First all that decode, then all that encode, so that the codecs take turns at the same work.
  for (const kind of ['decode', 'encode']) {
    const ofKind = jobs.filter(job => job.kind === kind)
    time(ofKind).forEach((taken, at) => {
      ofKind[at].frame[kind] = taken
    })
  }
}

const results = peers.map(({ name, version, frames }) => ({ name, version, frames }))
console.log(JSON.stringify({ node: process.version, peers: results }))
