import { isText } from '../record.ts';
import { flatShownEvent } from '../windows/shown.ts';
import type { Wrapping } from './wrapping.ts';

/** `Get-WinEvent … | ConvertTo-Json`. */
export const shownEvent: Wrapping = {
  dialect: 'Get-WinEvent',
  recognizes: ({ Id, ProviderName, Message }) => typeof Id === 'number' && isText(ProviderName) && isText(Message),
  unwrap: flatShownEvent,
};
