import { certificate } from './certificate.ts';
import type { Detector } from './detector.ts';
import { dnsHeader } from './dns-header.ts';
import { dnsName } from './dns-name.ts';
import { expectedService } from './expected-service.ts';
import { firstSeen } from './first-seen.ts';
import { httpRequest } from './http-request.ts';
import { newHost } from './new-host.ts';
import { oddFlags } from './odd-flags.ts';
import { routineNovelty } from './routine-novelty.ts';
import { sensorOddity } from './sensor-oddity.ts';
import { serverFirst } from './server-first.ts';
import { serverName } from './server-name.ts';
import { unrecognisedProtocol } from './unrecognised-protocol.ts';
import { unusualPort } from './unusual-port.ts';
import { withoutHandshake } from './without-handshake.ts';

/** Every mechanism, by what it reads: the baseline, the flow, the protocol, the sensor's own word. */
export const detectors: readonly Detector[] = [
  firstSeen,
  newHost,
  routineNovelty,
  unusualPort,
  expectedService,
  unrecognisedProtocol,
  serverFirst,
  withoutHandshake,
  oddFlags,
  dnsHeader,
  dnsName,
  httpRequest,
  serverName,
  certificate,
  sensorOddity,
];
