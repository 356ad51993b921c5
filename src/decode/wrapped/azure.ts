import { isText, type Json, recordIn } from '../record.ts';
import { dataIn, flatEventIn } from '../windows/xml.ts';
import type { Wrapping } from './wrapping.ts';

/** Azure Monitor's table WindowsEvent: what the event says is JSON in a text, or XML. */
export const azureWindowsEvent: Wrapping = {
  dialect: 'Azure Monitor',
  recognizes: ({ EventData, EventID, Computer }) => isText(EventData) && EventID !== undefined && isText(Computer),
  unwrap({ EventData, EventID, Provider, Source, Channel, Computer, TimeGenerated }) {
    const data = isText(EventData) ? dataOf(EventData) : undefined;
    if (!data) return undefined;
    const system = {
      EventID,
      ProviderName: Provider ?? Source,
      Channel,
      Hostname: Computer,
      SystemTime: TimeGenerated,
    };
    return { ...data, ...system };
  },
};

const dataOf = (text: string): Json | undefined => (text.startsWith('<') ? dataIn(text) : recordIn(text));

/** Its table Syslog, where Sysmon for Linux writes its events in XML. */
export const azureSyslog: Wrapping = {
  dialect: 'Azure Monitor syslog',
  recognizes: ({ SyslogMessage }) => isText(SyslogMessage),
  unwrap({ SyslogMessage }) {
    return isText(SyslogMessage) ? flatEventIn(SyslogMessage) : undefined;
  },
};
