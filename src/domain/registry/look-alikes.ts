/**
 * What a name looks like to the one who reads it. Names are compared byte by byte, so two that differ name two models; but
 * no model may be made whose name reads like another's: `a%2Fb` beside `a/b`, a trailing blank, an invisible character, a
 * Cyrillic letter amid Latin ones (the class of CVE-2024-3099).
 */
import { percentDecoded } from '../../kernel/percent-encoding.ts';

/** Letters of Cyrillic and Greek that print as Latin ones, pairwise. From Unicode's confusables (UTS 39), the common ones. */
const pairs =
  'аa еe оo рp сc уy хx іi јj ѕs ԁd ԛq ԝw һh ӏl ьb кk тt ' +
  'АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ԌG ' +
  'ԚQ ԜW ҺH ӀI ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa οo ρp νv ιi κk υu γy ϲc ϳj';
const latin: ReadonlyMap<string, string> = new Map(
  pairs.split(' ').map((pair) => [...pair] as [string, string]),
);

/** Decodings after which a name is what it is. */
const rounds = 4;

export function lookOf(name: string): string {
  let decoded = name;
  for (let round = 0; round < rounds; round++) decoded = percentDecoded(decoded);
  const plain = decoded
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '')
    .replaceAll(/[\p{Z}\p{Cc}]+/gu, ' ')
    .trim();
  return [...plain].map((letter) => latin.get(letter) ?? letter).join('');
}
