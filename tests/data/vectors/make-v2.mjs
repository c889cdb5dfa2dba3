// Writes v2-peer-encoded.jsonl: frames in dictionary version 2, encoded by the published
// package `baileys` 6.17.16 and read back twice, by that package and by the strict reader below.
//
//   npm install --ignore-scripts && node make-v2.mjs      write the file
//   node make-v2.mjs --check                              compare with the file, write nothing
//   node make-v2.mjs --probe                              show inputs that this package does not
//                                                         write canonically (see README.md)
//
// Nothing here is random: opaque content is a SHA-256 key stream of a label.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { deflateSync, inflateSync } from 'node:zlib'

const require = createRequire(import.meta.url)
const { version } = require('baileys/package.json')
const { encodeBinaryNode } = require('baileys/lib/WABinary/encode.js')
const { decodeBinaryNode } = require('baileys/lib/WABinary/decode.js')
const { SINGLE_BYTE_TOKENS, DOUBLE_BYTE_TOKENS } = require('baileys/lib/WABinary/constants.js')

const PEER = 'baileys-6.17.16'
assert.equal(`baileys-${version}`, PEER)

// ---------------------------------------------------------------------------------------------
// Dictionary. The lists come with the package; the hashes are those of the files in tokens/v2
// (one token a line), so reader and package are known to use the same 235 + 4 x 256 entries.

const LISTS = [SINGLE_BYTE_TOKENS, ...DOUBLE_BYTE_TOKENS]
const LIST_SHA256 = [
  '9b05d54e3d4fe2478f53d625cbc3e32bcf2a3b0570234918a204fcb66d0cd0f3',
  '08f99a0d26a40d708357c2d3a129b57d3918a7db8ec90ec66bd0812c78ae297d',
  'b00e5d551bae8d04794af5e05533de23810b224c9a1d07805898529e7c583e88',
  'e6b401fe718d10faba0bdd2d2a3c899d6161dead3a5b5cefa966239d392ca784',
  '8e3d69aa11059f8f68aceec75f62007b7b27dfbe1ab02dda84135492e9d25eb5',
]
LISTS.forEach((list, i) => {
  const file = list.map(token => token + '\n').join('')
  assert.equal(createHash('sha256').update(file).digest('hex'), LIST_SHA256[i], `token list ${i}`)
})
const SINGLES = SINGLE_BYTE_TOKENS.slice(1)
const TOKENS = new Set([...SINGLES, ...DOUBLE_BYTE_TOKENS.flat()])
assert.equal(TOKENS.size, 235 + 4 * 256)

// ---------------------------------------------------------------------------------------------
// Strict reader: bytes to the Node JSON of README.md. It refuses malformed input and every form
// that a canonical encoder would not have chosen, and notes which tokens it met.

const NIBBLES = '0123456789-.'
const HEXES = '0123456789ABCDEF'
const over = (alphabet, text) => [...text].every(char => alphabet.includes(char))
const packable = text => text !== '' && text.length <= 127 && (over(NIBBLES, text) || over(HEXES, text))

class Reader {
  constructor(body, met) {
    this.body = body
    this.at = 0
    this.met = met
  }

  need(condition, what) {
    if (!condition) throw new Error(`${what} at ${this.at}`)
  }

  take(count) {
    this.need(count <= this.body.length - this.at, `${count} bytes wanted`)
    return this.body.subarray(this.at, (this.at += count))
  }

  uint(size) {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0)
  }

  listSize(tag) {
    if (tag === 0x00) return 0
    this.need(tag === 0xf8 || tag === 0xf9, 'list head wanted')
    const size = this.uint(tag === 0xf8 ? 1 : 2)
    this.need(size >= (tag === 0xf8 ? 1 : 256), 'list head longer than needed')
    return size
  }

  bytes(tag) {
    const [size, least] = { 0xfc: [1, 0], 0xfd: [3, 256], 0xfe: [4, 1 << 20] }[tag]
    const length = this.uint(size)
    this.need(tag !== 0xfd || length < 1 << 20, 'more than 20 bits')
    this.need(length >= least, 'length longer than needed')
    return this.take(length)
  }

  packed(tag) {
    const head = this.uint(1)
    const odd = head >> 7
    this.need((head & 127) > 0, 'empty packed text')
    const values = [...this.take(head & 127)].flatMap(byte => [byte >> 4, byte & 15])
    if (odd) this.need(values.pop() === 15, 'padding wanted')
    const alphabet = tag === 0xff ? NIBBLES : HEXES
    this.need(values.every(value => value < alphabet.length), 'undefined nibble')
    const text = values.map(value => alphabet[value]).join('')
    this.need(text.length <= 127, 'packed text too long')
    this.need(!TOKENS.has(text), 'packed token')
    this.need(tag === 0xff || !over(NIBBLES, text), 'digits packed as hex')
    return text
  }

  string(tag) {
    if (tag >= 0x01 && tag <= 0xeb) return this.token(SINGLE_BYTE_TOKENS[tag])
    if (tag >= 0xec && tag <= 0xef) return this.token(DOUBLE_BYTE_TOKENS[tag - 0xec][this.uint(1)])
    if (tag === 0xfb || tag === 0xff) return this.packed(tag)
    this.need(tag >= 0xfc && tag <= 0xfe, 'string wanted')
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(tag))
    this.need(!TOKENS.has(text), 'raw token')
    this.need(!packable(text), 'raw text that packs')
    return text
  }

  token(text) {
    this.met.add(text)
    return text
  }

  jid(tag) {
    if (tag === 0xfa) {
      const first = this.uint(1)
      const user = first === 0 ? null : this.string(first)
      const server = this.string(this.uint(1))
      this.need(user !== '' && server !== '', 'empty part of a JID')
      const text = user === null ? server : `${user}@${server}`
      this.need(text.split('@').length === (user === null ? 1 : 2), 'stray @')
      this.need(server !== 'msgr' && server !== 'interop', 'pair where another form is the rule')
      return { jid: text }
    }
    this.need(tag === 0xf7, 'JID form that this encoder does not know')
    const server = ['s.whatsapp.net', 'lid'][this.uint(1)]
    const device = this.uint(1)
    const user = this.string(this.uint(1))
    this.need(server !== undefined, 'domain type')
    this.need(device > 0, 'device 0 in AD_JID')
    this.need(/^[^@:]+$/.test(user), 'user of AD_JID')
    return { jid: `${user}:${device}@${server}` }
  }

  value() {
    const tag = this.uint(1)
    return tag === 0xfa || tag === 0xf7 ? this.jid(tag) : this.string(tag)
  }

  content() {
    const tag = this.uint(1)
    if (tag === 0x00 || tag === 0xf8 || tag === 0xf9) {
      return { nodes: Array.from({ length: this.listSize(tag) }, () => this.node()) }
    }
    if (tag >= 0xfc && tag <= 0xfe) return { bytes: this.bytes(tag) }
    if (tag === 0xfa || tag === 0xf7) return this.jid(tag)
    return { text: this.string(tag) }
  }

  node() {
    const size = this.listSize(this.uint(1))
    this.need(size > 0, 'node of size 0')
    const tag = this.string(this.uint(1))
    this.need(tag !== '', 'empty tag')
    const attrs = Array.from({ length: (size - 1) >> 1 }, () => [this.string(this.uint(1)), this.value()])
    this.need(new Set(attrs.map(([key]) => key)).size === attrs.length, 'repeated key')
    return { tag, attrs, content: size % 2 === 0 ? this.content() : null }
  }
}

function readFrame(frame, met) {
  assert.ok(frame[0] === 0 || frame[0] === 2, 'flag byte')
  const body = frame[0] === 2 ? inflateSync(frame.subarray(1)) : frame.subarray(1)
  const reader = new Reader(body, met)
  const node = reader.node()
  assert.equal(reader.at, body.length, 'bytes after the node')
  return node
}

// ---------------------------------------------------------------------------------------------
// The tree as the package's own decoder would return it, and as it is recorded.

const jidText = ({ jid }) => (jid.includes('@') ? jid : `@${jid}`)

function asPeer({ tag, attrs, content }) {
  const entries = attrs.map(([key, value]) => [key, typeof value === 'string' ? value : jidText(value)])
  let plain
  if (content?.nodes) plain = content.nodes.map(asPeer)
  else if (content?.bytes) plain = Buffer.from(content.bytes)
  else if (content?.jid) plain = jidText(content)
  else if (content) plain = content.text
  return { tag, attrs: Object.fromEntries(entries), content: plain }
}

// The input in the same shape: text that has no coded form leaves as bytes.
function asSent({ tag, attrs, content }, { content: read }) {
  let plain = content
  if (Array.isArray(content)) plain = content.map((child, i) => asSent(child, { content: read.nodes[i].content }))
  else if (typeof content === 'string' && read.bytes) plain = Buffer.from(content)
  else if (content instanceof Uint8Array) plain = Buffer.from(content)
  return { tag, attrs, content: plain }
}

function asRecord({ tag, attrs, content }) {
  return { tag, attrs, content: content && recordContent(content) }
}

function recordContent(content) {
  if (content.bytes) {
    const { bytes } = content
    if (bytes.length > 4096 && bytes.every(byte => byte === bytes[0])) {
      return { repeat: { byte: bytes[0], count: bytes.length } }
    }
    return { bytes: Buffer.from(bytes).toString('base64') }
  }
  if (content.nodes) {
    const nodes = content.nodes.map(asRecord)
    const first = JSON.stringify(nodes[0])
    if (nodes.length > 128 && nodes.every(node => JSON.stringify(node) === first)) {
      return { repeat_nodes: { node: nodes[0], count: nodes.length } }
    }
    return { nodes }
  }
  return content
}

// Deep equality that also wants the keys in the same order.
const ordered = node => ({
  ...node,
  attrs: Object.entries(node.attrs),
  content: Array.isArray(node.content) ? node.content.map(ordered) : node.content,
})

// ---------------------------------------------------------------------------------------------
// Collecting

const records = []
const plainFrames = new Map()
const tokensMet = new Set()

async function record(name, source, frame, input) {
  const read = readFrame(frame, tokensMet)
  const peer = ordered(await decodeBinaryNode(frame))
  assert.deepEqual(peer, ordered(asPeer(read)), `${name}: both readers agree`)
  assert.deepEqual(peer, ordered(asSent(input, read)), `${name}: what was sent came back`)
  assert.ok(!records.some(other => other.name === name), `${name}: name used twice`)
  records.push({ name, source, decoded_by: [PEER], hex: frame.toString('hex'), node: asRecord(read) })
}

async function plain(name, input) {
  const frame = encodeBinaryNode(input)
  plainFrames.set(name, { frame, input })
  await record(name, [PEER], frame, input)
}

async function zlib(kind, name, input, options) {
  const { frame, input: tree } = plainFrames.get(name) ?? { frame: encodeBinaryNode(input), input }
  const packed = Buffer.concat([Buffer.from([2]), deflateSync(frame.subarray(1), options)])
  await record(`zlib ${kind}: ${name}`, [`body: ${PEER}`, `compressed with zlib (${kind})`], packed, tree)
}

const el = (tag, attrs = {}, content = undefined) => ({ tag, attrs, content })
const ack = value => el('ack', { id: value })
const range = (count, make) => Array.from({ length: count }, (_, i) => make(i))

/** `count` bytes that look like ciphertext and are the same on every run. */
function opaque(label, count) {
  const blocks = range(Math.ceil(count / 32), i => createHash('sha256').update(`${label} ${i}`).digest())
  return Buffer.concat(blocks).subarray(0, count)
}

const PHONE = '15550001111'
const PEER_PHONE = '15550002222'
const LID = '100000012345678'
const PEER_LID = '100000087654321'
const GROUP = '120363000000000001@g.us'
const SERVER = '@s.whatsapp.net'
const CALL_ID = '00112233445566778899AABBCCDDEEFF'
const integerLike = key => /^(0|[1-9][0-9]*)$/.test(key) // JavaScript moves such keys to the front

// ---------------------------------------------------------------------------------------------
// The vectors

async function tokenVectors() {
  const keyed = tokens => Object.fromEntries(tokens.map((token, i) => [`k${i}`, token]))
  await plain('all single-byte tokens as attribute values', el('iq', keyed(SINGLES)))
  await plain('all single-byte tokens as child tags', el('list', {}, SINGLES.map(token => el(token))))
  await plain(
    'all single-byte tokens as text content',
    el('list', {}, SINGLES.map(token => el('item', {}, token))),
  )
  const keys = SINGLES.filter(token => !integerLike(token))
  await plain('single-byte tokens as attribute keys', el('iq', Object.fromEntries(keys.map(key => [key, 'v']))))
  for (const [dict, tokens] of DOUBLE_BYTE_TOKENS.entries()) {
    await plain(`dictionary ${dict} tokens 0-126 as attribute values`, el('iq', keyed(tokens.slice(0, 127))))
    await plain(`dictionary ${dict} tokens 127-255 as attribute values`, el('iq', keyed(tokens.slice(127))))
  }
  const ends = DOUBLE_BYTE_TOKENS.flatMap(tokens => [tokens[0], tokens[255]])
  await plain(
    'first and last of each dictionary as tag, key, value and content',
    el('list', {}, ends.map(token => el(token, { [token]: token }, token))),
  )
  await plain('tag xmlstreamstart', el('xmlstreamstart'))
  await plain('tag xmlstreamend', el('xmlstreamend'))
  await plain('token wins over packing: 404', ack('404'))
  await plain('token wins over packing: -1', ack('-1'))
  await plain('token of version 3 only: 503 packs', ack('503'))
  await plain('token of version 3 only: lid goes raw', ack('lid'))
  await plain('token with one more letter', ack('type '))
}

async function stringVectors() {
  for (const text of ['37', '123', '1.2-', '-5', '1700000000', '-.-.-.-']) await plain(`nibble: ${text}`, ack(text))
  for (const text of ['A', 'AB', 'ABC', 'ABCF', '0F', '3EB0C1D2E3F405']) await plain(`hex: ${text}`, ack(text))
  for (const count of [126, 127]) {
    await plain(`nibble length ${count}`, ack('1'.repeat(count)))
    await plain(`hex length ${count}`, ack('A'.repeat(count)))
  }
  for (const count of [128, 255, 256]) await plain(`digits too long to pack, length ${count}`, ack('1'.repeat(count)))
  await plain('hex letters too long to pack, length 128', ack('A'.repeat(128)))
  await plain('lower-case hex stays raw', ack('abcdef'))
  await plain('mixed-case hex stays raw', ack('ABcd'))
  await plain('hex letters with a dash stay raw', ack('AB-1'))
  await plain('two-byte UTF-8', ack('Zoë'))
  await plain('four-byte UTF-8', ack('\u{1f600}'))
  await plain('full-width digits stay raw', ack('１２'))
  await plain('text that starts with U+FEFF', ack('\ufeffx'))
  await plain('line break and NUL in a value', ack('a\n\u0000b'))
  for (const count of [255, 256]) await plain(`raw value length ${count}`, ack('x'.repeat(count)))
  await plain('UTF-8 value of 128 characters, 256 bytes', ack('é'.repeat(128)))
  await plain('packed key', el('ack', { '0-1': 'x' }))
  await plain('raw tag and key', el('éa', { 'x y': 'z' }))
  await plain('packed tag', el('AB1', { id: 'x' }))
  await plain('text content: dictionary token', el('item', {}, 'reject'))
  await plain('text content: nibble', el('item', {}, '12.5-'))
  await plain('text content: hex', el('item', {}, 'ABC'))
  await plain('text content without a coded form is bytes', el('item', {}, 'hello wörld'))
}

async function jidVectors() {
  const jids = [
    `${PHONE}@s.whatsapp.net`,
    `${LID}@lid`,
    GROUP,
    `${PHONE}-1600000000@g.us`,
    'status@broadcast',
    '1600000000@broadcast',
    '120363111111111111@newsletter',
    '100000000000777@bot',
    `${CALL_ID}@call`,
    `${PHONE}@c.us`,
    `${PHONE}@hosted`,
    `${LID}@hosted.lid`,
    'user@g.us',
    'user@unknown.example',
    '@s.whatsapp.net',
    '@g.us',
    '@call',
    `${PHONE}:1@s.whatsapp.net`,
    `${PHONE}:99@s.whatsapp.net`,
    `${PHONE}:255@s.whatsapp.net`,
    `${PHONE}.0:5@s.whatsapp.net`,
    `${LID}:7@lid`,
    `${LID}:255@lid`,
  ]
  for (const jid of jids) await plain(`jid ${jid}`, el('message', { to: jid }))
  await plain('jid as content', el('item', {}, `${PHONE}@s.whatsapp.net`))
  await plain('device jid as content', el('item', {}, `${LID}:7@lid`))
}

async function sizeVectors() {
  for (const count of [0, 1, 255, 256, 4096, 65535]) {
    await plain(`bytes content length ${count}`, el('enc', {}, Buffer.alloc(count, 0x61)))
  }
  await plain('bytes content that spells a token', el('enc', {}, Buffer.from('type')))
  await plain('bytes content that is no UTF-8', el('enc', {}, Buffer.from([0xff, 0xfe, 0x80])))
  for (const count of [0, 1, 255, 256]) await plain(`children ${count}`, el('list', {}, range(count, () => el('item'))))
  const many = count => Object.fromEntries(range(count, i => [`k${i}`, 'v']))
  await plain('127 attributes with content: smallest LIST_16 node', el('iq', many(127), Buffer.alloc(0)))
  const nest = depth => (depth === 1 ? el('item') : el('list', {}, [nest(depth - 1)]))
  await plain('20 nested nodes', nest(20))
  await plain('128 nested nodes', nest(128))
}

async function stanzaVectors() {
  const enc = (type, label, count) => el('enc', { v: '2', type }, opaque(label, count))
  const to = (jid, label) => el('to', { jid }, [enc('msg', label, 64)])

  await plain('ack call OF-0001', el('ack', { id: 'OF-0001', class: 'call', from: SERVER, t: '1700000000' }))
  await plain(
    'ack call OF-0001, server as text',
    el('ack', { id: 'OF-0001', class: 'call', from: 's.whatsapp.net', t: '1700000000' }),
  )
  await plain(
    'ack call OF-0002 with error child',
    el('ack', { id: 'OF-0002', class: 'call', from: SERVER }, [
      el('error', { code: '503', text: 'service unavailable' }),
    ]),
  )
  await plain(
    'ack call OF-0002 with error child, server as text',
    el('ack', { id: 'OF-0002', class: 'call', from: 's.whatsapp.net' }, [
      el('error', { code: '503', text: 'service unavailable' }),
    ]),
  )
  await plain(
    'ack call refused by error attribute',
    el('ack', { class: 'call', error: '403', from: `${PEER_LID}@lid`, id: 'A1B2', type: 'offer' }, [
      el('error', { 'call-creator': `${LID}:7@lid`, 'call-id': CALL_ID, jid: `${LID}:7@lid` }),
    ]),
  )
  await plain(
    'ack call typed, from a client',
    el('ack', { class: 'call', id: 'A1B3', to: `${PEER_PHONE}:3@s.whatsapp.net`, type: 'terminate' }),
  )
  await plain(
    'ack message',
    el('ack', { class: 'message', id: '3EB00000000000000001', from: `${PHONE}@s.whatsapp.net`, t: '1700000001' }),
  )
  await plain(
    'message to one user, two devices',
    el('message', { id: '3EB00000000000000002', to: `${PEER_PHONE}@s.whatsapp.net`, type: 'text' }, [
      el('participants', {}, [
        to(`${PEER_PHONE}@s.whatsapp.net`, 'device 0'),
        to(`${PEER_PHONE}:3@s.whatsapp.net`, 'device 3'),
        to(`${PHONE}:5@s.whatsapp.net`, 'own device'),
      ]),
      el('device-identity', {}, opaque('identity', 150)),
    ]),
  )
  await plain(
    'message to a group',
    el('message', { id: '3EB00000000000000003', to: GROUP, type: 'media', phash: '2:AbCdEfGh' }, [
      enc('skmsg', 'group', 180),
      el('participants', {}, [
        el('to', { jid: `${LID}:7@lid` }, [enc('pkmsg', 'key', 120)]),
        el('to', { jid: `${PEER_LID}@lid` }, [enc('pkmsg', 'key 2', 120)]),
      ]),
    ]),
  )
  await plain(
    'message received offline',
    el(
      'message',
      {
        from: GROUP,
        participant: `${PEER_PHONE}@s.whatsapp.net`,
        id: '3EB00000000000000004',
        t: '1700000002',
        notify: 'Alex Example',
        offline: '3',
        type: 'text',
      },
      [enc('skmsg', 'received', 90)],
    ),
  )
  await plain('receipt delivery', el('receipt', { id: '3EB00000000000000004', to: `${PEER_PHONE}@s.whatsapp.net` }))
  await plain(
    'receipt read list',
    el(
      'receipt',
      { id: '3EB00000000000000005', to: GROUP, participant: `${PEER_LID}@lid`, type: 'read', t: '1700000003' },
      [el('list', {}, range(4, i => el('item', { id: `3EB0000000000000001${i}` })))],
    ),
  )
  await plain(
    'receipt retry',
    el('receipt', { id: '3EB00000000000000006', to: `${PEER_PHONE}:3@s.whatsapp.net`, type: 'retry' }, [
      el('retry', { count: '1', id: '3EB00000000000000006', t: '1700000004', v: '1' }),
      el('registration', {}, Buffer.from([0, 0, 0x12, 0x34])),
    ]),
  )
  await plain('iq ping', el('iq', { to: SERVER, type: 'get', xmlns: 'w:p', id: '1234.5678-1' }, [el('ping')]))
  await plain(
    'iq usync 60 users',
    el('iq', { id: '1234.5678-2', to: SERVER, type: 'get', xmlns: 'usync' }, [
      el('usync', { sid: '1234.5678-3', mode: 'query', last: 'true', index: '0', context: 'message' }, [
        el('query', {}, [el('devices', { version: '2' })]),
        el('list', {}, range(60, i => el('user', { jid: `155500000${String(i).padStart(2, '0')}@s.whatsapp.net` }))),
      ]),
    ]),
  )
  await plain(
    'iq error',
    el('iq', { from: SERVER, id: '1234.5678-4', type: 'error' }, [el('error', { code: '404', text: 'item-not-found' })]),
  )
  await plain(
    'notification devices',
    el('notification', { from: `${PEER_PHONE}@s.whatsapp.net`, type: 'devices', id: '2345678901', t: '1700000005' }, [
      el('update', { hash: 'AbCd' }),
    ]),
  )
  await plain('presence with name', el('presence', { name: 'Alex Example', type: 'available' }))
  await plain(
    'chatstate',
    el('chatstate', { from: `${PHONE}@s.whatsapp.net`, to: GROUP }, [el('composing', { media: 'audio' })]),
  )
  await plain(
    'success',
    el('success', { t: '1700000006', props: '27', companion_enc_static: 'AAEC+/8=', lid: `${LID}:7@lid` }),
  )
  await plain('stream error 515', el('stream:error', { code: '515' }))
  await plain('stream error conflict', el('stream:error', {}, [el('conflict', { type: 'replaced' })]))
  const routing = el('routing_info', {}, Buffer.from([8, 2, 8, 5]))
  await plain('ib edge routing', el('ib', { from: SERVER }, [el('edge_routing', {}, [routing])]))

  const call = (id, action) => el('call', { to: `${PEER_PHONE}@s.whatsapp.net`, id }, [action])
  const about = { 'call-id': CALL_ID, 'call-creator': `${PHONE}:5@s.whatsapp.net` }
  const audio = [el('audio', { enc: 'opus', rate: '16000' }), el('audio', { enc: 'opus', rate: '8000' })]
  const capability = el('capability', { ver: '1' }, Buffer.from([1, 4, 0xff, 0x83, 0xcf, 4]))
  await plain(
    'call offer',
    call(
      'A2',
      el('offer', about, [
        ...audio,
        el('net', { medium: '3' }),
        capability,
        el('enc', { v: '2', type: 'pkmsg', count: '0' }, opaque('call key', 190)),
        el('encopt', { keygen: '2' }),
        el('device-identity', {}, opaque('identity', 150)),
      ]),
    ),
  )
  await plain('call preaccept', call('A3', el('preaccept', about, [audio[0], el('encopt', { keygen: '2' }), capability])))
  await plain(
    'call accept',
    call(
      'A4',
      el('accept', about, [audio[0], el('te', { priority: '2' }, opaque('endpoint', 6)), el('net', { medium: '2' })]),
    ),
  )
  await plain(
    'call transport',
    call(
      'A5',
      el('transport', { ...about, 'transport-message-type': '1' }, [el('net', { medium: '2', protocol: '0' })]),
    ),
  )
  await plain(
    'call relaylatency',
    call('A6', el('relaylatency', about, [el('te', { latency: '33554463', relay_name: 'xxx1c01' }, opaque('relay', 6))])),
  )
  await plain('call reject', call('A7', el('reject', { ...about, count: '0' })))
  await plain('call terminate', call('A8', el('terminate', { ...about, reason: 'timeout' })))
  await plain(
    'call terminate with destination',
    call('A9', el('terminate', about, [el('destination', {}, [el('to', { jid: `${PEER_PHONE}:3@s.whatsapp.net` })])])),
  )
  await plain(
    'call offer received',
    el(
      'call',
      {
        from: `${PEER_LID}:3@lid`,
        id: 'B1',
        t: '1700000007',
        platform: 'android',
        version: '2.23.20.1',
        notify: 'Alex Example',
      },
      [
        el('offer', { 'call-id': CALL_ID, 'call-creator': `${PEER_LID}:3@lid` }, [
          audio[0],
          el('relay', { uuid: 'AbCdEfGhIjKlMnOp', attribute_padding: '1' }, [
            el('token', { id: '0' }, opaque('token', 48)),
            el('te2', { relay_id: '0', relay_name: 'xxx1c01', token_id: '0' }, opaque('relay', 6)),
          ]),
        ]),
      ],
    ),
  )
  await plain(
    'call receipt',
    el('receipt', { to: `${PEER_LID}:3@lid`, id: 'B1', from: `${LID}:7@lid` }, [
      el('offer', { 'call-id': CALL_ID, 'call-creator': `${PEER_LID}:3@lid` }),
    ]),
  )
}

async function zlibVectors() {
  await zlib('level6', 'ack call OF-0001', undefined, { level: 6 })
  await zlib('stored', 'call terminate', undefined, { level: 0 })
  await zlib('level9', 'iq usync 60 users', undefined, { level: 9 })
  for (const count of [(1 << 20) - 1, 1 << 20]) {
    await zlib('level9', `bytes content length ${count}`, el('enc', {}, Buffer.alloc(count, 0x61)), { level: 9 })
  }
  await zlib('level9', 'children 65535', el('list', {}, range(65535, () => el('item'))), { level: 9 })
}

// ---------------------------------------------------------------------------------------------
// Inputs that this package does not write canonically. None of them is a vector.

function probe() {
  const attrs = {
    'empty value': '',
    'null value': null,
    'number as value': 5,
    'name found on Object.prototype': 'constructor',
    'device 0': `${PHONE}:0@s.whatsapp.net`,
    'device 256': `${PHONE}:256@s.whatsapp.net`,
    'device that is no number': `${PHONE}:x@s.whatsapp.net`,
    'device at g.us': `${PHONE}:5@g.us`,
    'device at hosted': `${PHONE}:99@hosted`,
    'device at hosted.lid': `${LID}:99@hosted.lid`,
    'device at msgr': '100000000001234:3@msgr',
    'msgr without device': '100000000001234@msgr',
    'integrator and device at interop': '7-12345:5@interop',
    'interop without device': '7-12345@interop',
    'underscore in the user': `${PHONE}_1@s.whatsapp.net`,
    'underscore in the user, device': `${PHONE}_1:5@s.whatsapp.net`,
    'no user before the device': ':5@s.whatsapp.net',
    'two @': 'a@b@c',
    'no server': 'x@',
    'mail address': 'email@example.com',
    'lone surrogate': 'a\ud800',
  }
  const inputs = {
    ...Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, el('ack', { id: value })])),
    'empty tag': el(''),
    'empty key': el('ack', { '': 'x' }),
    '@ in a tag': el('a@lid'),
    '@ in a key': el('ack', { 'a@lid': 'x' }),
    'integer-like keys': el('ack', { b: 'x', 17: 'y', 16: 'z' }),
    'empty text content': el('ack', {}, ''),
    'null content': el('ack', {}, null),
    'missing tag': el(undefined),
    '65536 children': el('list', {}, range(65536, () => el('item'))),
  }
  for (const [name, input] of Object.entries(inputs)) {
    let result
    try {
      const hex = encodeBinaryNode(input).toString('hex')
      result = hex.length > 80 ? `${hex.slice(0, 40)}... (${hex.length / 2} bytes)` : hex
    } catch (error) {
      result = `throws: ${error.message.split('\n')[0]}`
    }
    console.log(`${name.padEnd(34)} ${result}`)
  }
}

// ---------------------------------------------------------------------------------------------

if (process.argv.includes('--probe')) {
  probe()
} else {
  await tokenVectors()
  await stringVectors()
  await jidVectors()
  await sizeVectors()
  await stanzaVectors()
  await zlibVectors()
  assert.deepEqual([...TOKENS].filter(token => !tokensMet.has(token)), [], 'tokens never used')

  const file = new URL('v2-peer-encoded.jsonl', import.meta.url)
  const text = records.map(record => JSON.stringify(record) + '\n').join('')
  if (process.argv.includes('--check')) {
    assert.ok(readFileSync(file, 'utf8') === text, 'v2-peer-encoded.jsonl differs')
    console.log(`${records.length} frames, as recorded`)
  } else {
    writeFileSync(file, text)
    console.log(`${records.length} frames written`)
  }
}
