const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const fixdate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const rfc850 =
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const asctime = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/**
 * Milliseconds since 1970, of the three forms that RFC 9110 5.6.7 knows; null = not one of them. `now` decides the
 * century of two-digit years: one that would lie more than 50 years ahead lies behind.
 */
export function parseHttpDate(text: string, now: number): number | null {
  const plain = fixdate.exec(text);
  if (plain !== null) return timeOf(plain[3]!, plain[2]!, plain[1]!, plain[4]!, plain[5]!, plain[6]!);
  const unix = asctime.exec(text);
  if (unix !== null) return timeOf(unix[6]!, unix[1]!, unix[2]!.trim(), unix[3]!, unix[4]!, unix[5]!);
  const old = rfc850.exec(text);
  if (old === null) return null;
  const thisYear = new Date(now).getUTCFullYear();
  const sameCentury = thisYear - (thisYear % 100) + Number(old[3]);
  const year = sameCentury > thisYear + 50 ? sameCentury - 100 : sameCentury;
  return timeOf(String(year), old[2]!, old[1]!, old[4]!, old[5]!, old[6]!);
}

function timeOf(
  year: string,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
): number | null {
  const monthNumber = months.indexOf(month);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
  if (monthNumber === -1 || !isTime) return null;
  const time = Date.UTC(Number(year), monthNumber, Number(day), Number(hour), Number(minute), Number(second));
  return new Date(time).getUTCDate() === Number(day) || second === '60' ? time : null;
}
