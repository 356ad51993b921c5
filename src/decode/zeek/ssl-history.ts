/**
 * Zeek's `ssl_history` (base/protocols/ssl/main.zeek): one letter for each message, upper case from the client, lower case
 * from the server; c client hello, s server hello, v hello verify request, t new session ticket, x certificate, k server key
 * exchange, r certificate request, n server hello done, y certificate verify, g client key exchange, f finished, w certificate
 * URL, u certificate status, a supplemental data, z unassigned, i change cipher spec, b heartbeat, d application data, e end of
 * early data, o encrypted extensions, p key update, m message hash, j hello retry request, l alert, q an unknown content type.
 *
 * Read as the handshake goes (RFC 5246 section 7.3, RFC 8446 section 2): what comes out of turn is said in words; undefined
 * where nothing is. A history that does not begin with the client's hello began before the sensor looked.
 */
export function disorderIn(history: string | undefined): string | undefined {
  if (history === undefined || !history.startsWith('C')) return undefined;
  let hasServerHello = false;
  let hasChangedCipher = false;
  for (const letter of history) {
    switch (letter) {
      case 'q':
      case 'Q':
        return 'a record of a type that TLS does not know';
      case 'z':
      case 'Z':
        return 'a handshake message of a type that TLS does not know';
      // A second one of the client begins anew: it was asked to, or negotiates once more.
      case 'C':
        hasServerHello = false;
        break;
      case 's':
        if (hasServerHello && !history.includes('j')) return 'two server hellos in one handshake';
        hasServerHello = true;
        break;
      case 'x':
      case 'k':
      case 'n':
        if (!hasServerHello) return 'server messages before the server hello';
        break;
      case 'i':
      case 'I':
        hasChangedCipher = true;
        break;
      case 'b':
      case 'B':
        if (!hasChangedCipher) return 'a heartbeat before the handshake was done (RFC 6520 section 3)';
        break;
      case 'd':
        if (!hasServerHello) return 'application data from the server before its hello';
        break;
    }
  }
  return undefined;
}
