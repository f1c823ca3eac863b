// HPACK against the examples of RFC 7541 Appendix C, what it must refuse, and round trips.
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../../main/engine/http2/byteWriter';
import { FieldBlock } from '../../../../main/engine/http2/fieldBlock';
import { HpackDecoder } from '../../../../main/engine/http2/hpackDecoder';
import { HpackEncoder } from '../../../../main/engine/http2/hpackEncoder';
import { decodeHuffman, encodeHuffman, huffmanLength } from '../../../../main/engine/http2/huffman';
import { fieldsOf } from '../../../helpers/rawHttp2';

const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

function decode(decoder: HpackDecoder, hex: string, fields = new FieldBlock()): string[] | 'refused' {
  const block = bytesOf(hex);
  if (!decoder.decode(block, 0, block.length, fields)) return 'refused';
  return fields.text.split('\r\n').slice(0, -1);
}

describe('the HPACK decoder', () => {
  it('reads the requests of RFC 7541 C.3 and C.4 with one table', () => {
    for (const blocks of [
      [
        '828684410f7777772e6578616d706c652e636f6d',
        '828684be58086e6f2d6361636865',
        '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
      ],
      [
        '828684418cf1e3c2e5f23a6ba0ab90f4ff',
        '828684be5886a8eb10649cbf',
        '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
      ],
    ]) {
      const decoder = new HpackDecoder();
      expect(blocks.map((block) => decode(decoder, block))).toEqual([
        [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
        [
          ':method: GET',
          ':scheme: http',
          ':path: /',
          ':authority: www.example.com',
          'cache-control: no-cache',
        ],
        [
          ':method: GET',
          ':scheme: https',
          ':path: /index.html',
          ':authority: www.example.com',
          'custom-key: custom-value',
        ],
      ]);
    }
  });

  it('evicts as RFC 7541 C.6 shows with a table of 256 bytes', () => {
    const decoder = new HpackDecoder();
    const first =
      '3fe101 488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3';
    expect(decode(decoder, first)).toEqual([
      ':status: 302',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
    expect(decode(decoder, '4883640effc1c0bf')).toEqual([
      ':status: 307',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:21 GMT',
      'location: https://www.example.com',
    ]);
    const third =
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007';
    expect(decode(decoder, third)).toEqual([
      ':status: 200',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:22 GMT',
      'location: https://www.example.com',
      'content-encoding: gzip',
      'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    ]);
  });

  it.each([
    ['index 0', '80'],
    ['an index behind the tables', 'be'],
    ['a table larger than allowed', '3fe21f'],
    ['a change of the table behind a field', '8220'],
    ['a string longer than the block', '400a61'],
    ['an integer without end', '3fffffffffff'],
    ['an integer too large', '7fffffffff0f'],
    ['Huffman padding of eight bits', '40016182f8ff'],
    ['Huffman padding of zeros', '4001618130'],
    ['EOS in a Huffman string', '40016184ffffffff'],
    ['a literal without value', '400161'],
  ])('refuses %s', (_name, block) => {
    expect(decode(new HpackDecoder(), block)).toBe('refused');
  });

  it('drops what is beyond the list size and keeps its table in step', () => {
    const decoder = new HpackDecoder();
    const fields = new FieldBlock();
    fields.maxBytes = 100;
    const one = '4001610162';
    expect(decode(decoder, one.repeat(10), fields)).toHaveLength(2);
    expect(fields.isTooLarge).toBe(true);
    expect(decode(decoder, 'be c7', fields)).toEqual(['a: b', 'a: b']);
    expect(fields.isTooLarge).toBe(false);
  });
});

describe('the Huffman code', () => {
  it('is complete: Kraft sum one, as a prefix code without gaps has it', () => {
    let sum = 0;
    for (let symbol = 0; symbol < 256; symbol++) {
      const sixteen = new Uint8Array(16).fill(symbol);
      // 16 symbols of n bits are 2n bytes.
      sum += 2 ** -(huffmanLength(sixteen, 0, 16) / 2);
    }
    expect(sum + 2 ** -30).toBe(1);
  });

  it('gives back every text', () => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    for (const text of ['', 'a', 'www.example.com', all, all.split('').reverse().join('')]) {
      const bytes = Buffer.from(text, 'latin1');
      const coded = new Uint8Array(huffmanLength(bytes, 0, bytes.length) + 1);
      const end = encodeHuffman(bytes, 0, bytes.length, coded, 0);
      expect(end).toBe(huffmanLength(bytes, 0, bytes.length));
      const out = Buffer.alloc(end * 2 + 8);
      const length = decodeHuffman(coded, 0, end, out, 0);
      expect(out.toString('latin1', 0, length)).toBe(text);
    }
  });
});

describe('the HPACK encoder', () => {
  const encode = (encoder: HpackEncoder, lines: readonly string[]) => {
    const out = new ByteWriter(64);
    encoder.begin(out);
    const fields = fieldsOf(lines);
    for (let index = 0; index < fields.count; index++) encoder.field(fields, index, out);
    return out.take();
  };

  it('is understood by the decoder over many heads, while the table turns over and changes its size', () => {
    const encoder = new HpackEncoder();
    const decoder = new HpackDecoder();
    for (let round = 0; round < 400; round++) {
      if (round === 100) encoder.setMaxTableBytes(0);
      if (round === 200) encoder.setMaxTableBytes(300);
      if (round === 300) encoder.setMaxTableBytes(100_000);
      const lines = [
        ':status: 200',
        'Server: origin',
        `X-Turn: ${round % 37}`,
        `x-long: ${'y'.repeat(round)}`,
        'Set-Cookie: a=b',
        `etag: "${round}"`,
        'empty:',
      ];
      const block = encode(encoder, lines);
      const expected = lines.map((line) => {
        const colonAt = line.indexOf(':', 1);
        return `${line.slice(0, colonAt).toLowerCase()}: ${line.slice(colonAt + 1).trim()}`;
      });
      expect(decode(decoder, block.toString('hex'))).toEqual(expected);
    }
  });

  it('sends a head that came before in one byte a field', () => {
    const encoder = new HpackEncoder();
    const lines = [':status: 200', 'content-type: text/html', 'server: origin'];
    encode(encoder, lines);
    expect(encode(encoder, lines)).toHaveLength(3);
  });

  it('puts no secret into the table and marks it as one that nobody may', () => {
    const encoder = new HpackEncoder();
    const once = encode(encoder, ['authorization: secret', 'cookie: a']);
    expect(encode(encoder, ['authorization: secret', 'cookie: a'])).toEqual(once);
    expect(once[0]! >> 4).toBe(1);
  });
});
