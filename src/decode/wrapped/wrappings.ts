import { azureSyslog, azureWindowsEvent } from './azure.ts';
import { elasticSuricata, elasticZeek } from './elastic.ts';
import { shownEvent } from './powershell.ts';
import { shippedLine } from './shipper.ts';
import type { Wrapping } from './wrapping.ts';

/** The strictest first. */
export const wrappings: readonly Wrapping[] = [
  elasticSuricata,
  elasticZeek,
  azureWindowsEvent,
  azureSyslog,
  shownEvent,
  shippedLine,
];
