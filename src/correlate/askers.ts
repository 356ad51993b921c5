import { baseName } from '../baseline/process.ts';
import type { Address } from '../value/address.ts';
import { MINUTE, type Micros, SECOND } from '../value/time.ts';
import { placeAfter } from './clock.ts';
import type { Account, Contact } from './contacts.ts';

/** Who was told an address in answer to a question for a name: by the endpoint's clock, which events 3 and 22 share. */

/** How long a process goes on using an address that it was given. */
const ANSWER_LASTS = 10 * MINUTE;
/** Sysmon writes an answer down when the call may be under way already. */
const UNDER_WAY = 5 * SECOND;
/** So many answers back it is looked who asked. */
const MOST_ASKERS = 50;

/** The answers with an address that a file's processes got within ten minutes before a time, the latest first. */
function* answersBefore({ answers }: Account, address: Address, time: Micros): Generator<Contact> {
  const list = answers.get(address) ?? [];
  const last = placeAfter(list, time, answer => answer.time) - 1;
  for (let at = last; at >= 0 && at > last - MOST_ASKERS; at--) {
    const answer = list[at];
    if (!answer || answer.time <= time - ANSWER_LASTS) return;
    yield answer;
  }
}

/**
 * The one process of a machine that had been given an address before a time; undefined where several had. `timeIn`: that time
 * by the clock of a file.
 */
export function soleAsker(
  accounts: readonly Account[],
  address: Address,
  timeIn: (account: Account) => Micros,
): Contact | undefined {
  let found: Contact | undefined;
  for (const account of accounts) {
    for (const answer of answersBefore(account, address, timeIn(account))) {
      if (found && found.who !== answer.who) return undefined;
      found ??= answer;
    }
  }
  return found;
}

/** The program that had asked for the name of whom a process calls, where the process's own program had not. */
export function otherAsker({ side, isTcp, process, responder, time }: Contact, accounts: readonly Account[]) {
  if (side !== 'opened' || !isTcp || process.image === undefined) return undefined;
  const own = baseName(process.image).toLowerCase();
  let found: string | undefined;
  for (const account of accounts) {
    for (const { process, time: answered } of answersBefore(account, responder, time + UNDER_WAY)) {
      if (process.image === undefined || baseName(process.image).toLowerCase() === own) return undefined;
      if (answered <= time) found ??= baseName(process.image);
    }
  }
  return found;
}
