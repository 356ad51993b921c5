import { arpClaims } from './arp-claims.ts';
import { borrowedName } from './borrowed-name.ts';
import { browserClaim } from './browser-claim.ts';
import { call } from './call.ts';
import { certificate } from './certificate.ts';
import { certificateLifetime } from './certificate-lifetime.ts';
import type { Detector } from './detector.ts';
import { dhcpServer } from './dhcp-server.ts';
import { dnsAnswer } from './dns-answer.ts';
import { dnsBurst } from './dns-burst.ts';
import { dnsHeader } from './dns-header.ts';
import { dnsName } from './dns-name.ts';
import { dnsType } from './dns-type.ts';
import { dnsVolume } from './dns-volume.ts';
import { expectedService } from './expected-service.ts';
import { fanOut } from './fan-out.ts';
import { firstSeen } from './first-seen.ts';
import { flowState } from './flow-state.ts';
import { httpContent } from './http-content.ts';
import { httpHost } from './http-host.ts';
import { httpReply } from './http-reply.ts';
import { httpRequest } from './http-request.ts';
import { httpUse } from './http-use.ts';
import { icmp } from './icmp.ts';
import { inspection } from './inspection.ts';
import { ipProtocol } from './ip-protocol.ts';
import { largeUpload } from './large-upload.ts';
import { mail } from './mail.ts';
import { newHost } from './new-host.ts';
import { oddFlags } from './odd-flags.ts';
import { oneSided } from './one-sided.ts';
import { portZero } from './port-zero.ts';
import { program } from './program.ts';
import { protocolSwitch } from './protocol-switch.ts';
import { reported } from './reported.ts';
import { resolver } from './resolver.ts';
import { routineNovelty } from './routine-novelty.ts';
import { sensorOddity } from './sensor-oddity.ts';
import { serverFirst } from './server-first.ts';
import { serverName } from './server-name.ts';
import { tlsHandshake } from './tls-handshake.ts';
import { tlsName } from './tls-name.ts';
import { tlsProtocol } from './tls-protocol.ts';
import { tlsResumption } from './tls-resumption.ts';
import { tlsStrength } from './tls-strength.ts';
import { tunnel } from './tunnel.ts';
import { unownedFlow } from './unowned-flow.ts';
import { unrecognisedProtocol } from './unrecognised-protocol.ts';
import { unusualPort } from './unusual-port.ts';
import { violation } from './violation.ts';
import { withoutHandshake } from './without-handshake.ts';

/** Every mechanism, by what it reads: the baseline, the flow, the link, the protocol, the process, the sensor's own word. */
export const detectors: readonly Detector[] = [
  ...[firstSeen, newHost, routineNovelty, largeUpload],
  ...[unusualPort, expectedService, unrecognisedProtocol, protocolSwitch, violation],
  ...[serverFirst, withoutHandshake, oddFlags, flowState, oneSided, portZero, ipProtocol, fanOut, icmp, tunnel],
  ...[arpClaims, dhcpServer],
  ...[dnsHeader, dnsName, dnsType, dnsAnswer, dnsBurst, dnsVolume, resolver],
  ...[httpRequest, httpHost, httpReply, httpContent, httpUse],
  ...[serverName, tlsStrength, tlsHandshake, tlsName, tlsProtocol, tlsResumption],
  ...[certificate, certificateLifetime, inspection],
  ...[mail, call],
  ...[program, browserClaim, borrowedName, unownedFlow],
  ...[reported, sensorOddity],
];
