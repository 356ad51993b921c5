/** The fast decoders as one module, compiled by `npm run build`; what they mean is told in the files beside. */
export {
  forgetNamedAddresses,
  forgetOddNumbers,
  hasNamedAddresses,
  oddNumbers,
  placeAddresses,
  placeOddNumbers,
  placeTargets,
} from './columns';
export { decodeJson, layOutKeys } from './json';
export {
  earliest,
  latest,
  layOutImprint,
  placeLikenesses,
  putAside,
  settle,
  sift,
  takeAside,
  touched,
} from './likeness';
export { placeSpellings } from './spelling';
export { at, begin, line, place, rows } from './state';
export { forget, known, placeRecent, placeSymbols, poolUsed } from './symbols';
export { decodeTsv, layOut } from './tsv';
