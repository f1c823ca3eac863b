// Writes to a store until it is killed, and says what was kept. Started by storeKill.test.ts.
import { CertificateService } from '../../main/certs/certificateService';
import { keyFileCipher } from '../../main/certs/keyFileCipher';
import { revokeCertificate } from '../../main/certs/revocations';

const folder = process.argv[2]!;
const service = await CertificateService.open(folder, keyFileCipher(folder));
const say = (...words: readonly string[]) => process.stdout.write(`${words.join(' ')}\n`);

for (let round = 0; ; round++) {
  const id = `shop-${round % 5}`;
  const held = service.info().certificates.find((each) => each.id === id);
  if (held === undefined) {
    const issued = await service.issue({ id, names: [`${id}.test`] });
    say('kept', id, issued.serialNumber);
  } else if (held.revokedAt === null && round % 7 === 6) {
    const revoked = await revokeCertificate(service, { id, reason: 'superseded' });
    say('revoked', id, revoked.serialNumber);
  } else if (round % 11 === 10) {
    await service.setRenewal({ id, isAutomatic: round % 2 === 0, daysBefore: 1 + (round % 60) });
    say('set', id);
  } else {
    const renewed = await service.renew({ id });
    say('kept', id, renewed.serialNumber);
  }
}
