import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverWords } from '../../../main/certs/acme/serverWords';
import type { CertificateService } from '../../../main/certs/certificateService';
import { RenewalSchedule } from '../../../main/certs/renewalSchedule';
import { CertificateFolder } from './certificateFolder';

const dayMs = 86_400_000;
let folder: CertificateFolder;
let service: CertificateService;
let now: number;
beforeEach(async () => {
  now = Date.now();
  folder = await CertificateFolder.create();
  service = await folder.open(() => now);
});
afterEach(() => folder.remove());

const info = (id: string) => service.info().certificates.find((each) => each.id === id)!;
const run = async () => {
  const schedule = new RenewalSchedule(service, null);
  await schedule.run();
  schedule.close();
};

describe('RenewalSchedule', () => {
  it('renews local certificates a month before their end, with the same names and as long a life', async () => {
    await service.issue({ names: ['shop.test', '127.0.0.1'], days: 90, keyType: 'ecdsa-p384' });
    await service.issue({ names: ['manual.test'], days: 90, renewsAutomatically: false });
    const before = info('shop-test');
    await run();
    expect(info('shop-test').serialNumber).toBe(before.serialNumber);
    now += 61 * dayMs;
    const manual = info('manual-test').serialNumber;
    await run();
    const after = info('shop-test');
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(after).toMatchObject({
      dnsNames: ['shop.test'],
      ipAddresses: ['127.0.0.1'],
      keyType: 'ECDSA P-384',
    });
    expect((Date.parse(after.notAfter) - now) / dayMs).toBeCloseTo(90, 0);
    expect(info('manual-test').serialNumber).toBe(manual);
    expect(after.renewal.failure).toBeNull();
  });

  it('renews short-lived ones when a third of their life is left, and revoked ones not at all', async () => {
    await service.issue({ names: ['short.test'], days: 3 });
    const before = info('short-test');
    now += 1.9 * dayMs;
    await run();
    expect(info('short-test').serialNumber).toBe(before.serialNumber);
    now += 0.2 * dayMs;
    await run();
    expect(info('short-test').serialNumber).not.toBe(before.serialNumber);
  });

  it('tells why it fails, and tries again later each time', async () => {
    await service.issue({ names: ['shop.test'], days: 90 });
    await rm(folder.file('ca.json'));
    await service.refresh();
    await service.setRenewal({ id: 'shop-test', isAutomatic: true, daysBefore: 30 });
    await service.createCa({ permittedNames: ['other'] });
    now += 61 * dayMs;
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      await run();
      const { failure, nextAttemptAt } = info('shop-test').renewal;
      expect(failure).toMatchObject({
        attempts: attempt,
        message: expect.stringContaining('may not sign for'),
      });
      waits.push(Date.parse(nextAttemptAt!) - now);
      await run(); // not yet
      expect(info('shop-test').renewal.failure?.attempts).toBe(attempt);
      now += waits.at(-1)!;
    }
    expect(waits).toEqual([60_000, 120_000, 240_000]);
  });
});

describe('serverWords', () => {
  it.each([
    [
      '{"status":"invalid","challenges":[{"type":"http-01","error":{"type":"urn:ietf:params:acme:error:connection","detail":"refused"}}]}',
      /^refused \(the server connects to port 80/,
    ],
    ['{"type":"urn:ietf:params:acme:error:caa","detail":"no"}', /^no \(a CAA record/],
    ['{"detail":"plain"}', /^plain$/],
    ['{broken', /^\{broken$/],
    ['just words\nand a stack', /^just words$/],
    [`{"detail":"${'x'.repeat(2000)}"}`, /^x{500}$/],
  ])('says %s', (message, words) => {
    expect(serverWords(new Error(message))).toMatch(words);
  });
});
