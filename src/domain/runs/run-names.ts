/** Names for runs whose client gave none: `swift-heron-412`. 80 × 80 × 900 names; they are labels, not keys. */
import type { Random } from '../../kernel/ids.ts';

const adjectives =
  'able agile airy amber ample apt bold brave bright brisk calm candid clean clear clever cool crisp deft dusky eager early easy even fair fast fine firm fleet fond free fresh gentle glad golden grand green handy hardy hazel humble ideal jolly keen kind lively loyal lucid lucky merry mild modest neat nimble noble open patient placid plain polite prime proud quick quiet rapid ready regal roomy rosy serene sharp shiny silent silver sleek smart smooth snug solid steady sturdy swift tidy vivid warm wise witty'.split(
    ' ',
  );
const nouns =
  'adder badger beaver bison bittern brant bream bunting carp chamois cod coot crane curlew dace deer dipper dove dunlin eagle egret elk falcon finch fox gannet godwit goose grebe grouse gull hare hawk heron hoopoe ibex ibis jay kestrel kite knot lark linnet lynx magpie marten merlin mole moose newt nuthatch orca osprey otter owl perch pike pipit plover puffin quail raven robin roe ruff sable salmon seal shrew shrike siskin skua smew snipe sparrow stoat stork swan swift tench tern thrush toad trout vole wren'.split(
    ' ',
  );

export function inventRunName(random: Random): string {
  const [a, b, c, d] = random(4);
  const number = 100 + (((c! << 8) | d!) % 900);
  return `${adjectives[a! % adjectives.length]}-${nouns[b! % nouns.length]}-${number}`;
}
