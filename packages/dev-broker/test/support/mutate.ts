const NASTY_BYTES = [0, 1, 2, 0x7f, 0x80, 0xff];

/** A broken or odd copy of a packet. Mostly the remaining length still fits, so that the damage is inside. */
export function mutate(packet: Buffer, random: (bound: number) => number): Buffer {
  const headerEnd = 1 + packet.subarray(1).findIndex((byte) => byte < 0x80) + 1;
  let first = packet.readUInt8(0);
  let body = Buffer.from(packet.subarray(headerEnd));
  for (let round = 0; round <= random(3); round++) {
    const at = random(body.length + 1);
    switch (random(8)) {
      case 0:
        first ^= 1 << random(8);
        break;
      case 1:
        body = body.subarray(0, at);
        break;
      case 2:
        body = Buffer.concat([body.subarray(0, at), body.subarray(random(body.length + 1))]);
        break;
      case 3:
        body = Buffer.concat([body, Buffer.from(Array.from({ length: random(20) }, () => random(256)))]);
        break;
      case 4:
      case 5:
        if (at < body.length) body[at] = NASTY_BYTES[random(NASTY_BYTES.length)] ?? 0;
        break;
      default:
        if (at < body.length) body[at] = (body[at] ?? 0) ^ (1 << random(8));
    }
  }
  const length = random(20) === 0 ? random(300) : body.length;
  return Buffer.concat([Buffer.from([first]), variableInteger(length), body]);
}

function variableInteger(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const digit = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return Buffer.from(bytes);
}
