/** Declaring a thing wrong, from wherever its page offers it: a menu, a button, the palette. */
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { marksQuery } from '../api/lineage.ts';
import { useProject } from '../layout/use-project.ts';
import type { PaletteAction } from '../palette/palette-state.ts';
import { useKeys } from '../runs/use-keys.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { MoreButton } from '../ui/more-button.tsx';
import { runLatestAction } from '../ui/toasts.tsx';
import type { Suspect } from './taint-dialog.tsx';

const TaintDialog = lazy(() => import('./taint-dialog.tsx').then((part) => ({ default: part.TaintDialog })));

export interface DeclareWrong {
  /** What the button says. */
  readonly text: string;
  readonly ask: () => void;
  readonly action: PaletteAction;
  readonly entry: MenuEntry;
  /** Stands anywhere on the page. */
  readonly dialog: ReactNode;
}

export function useDeclareWrong(of: Suspect): DeclareWrong {
  const { project } = useProject();
  const [asking, setAsking] = useState(false);
  useKeys({ u: runLatestAction });
  const marks = useQuery({ ...marksQuery(project, of.uid), enabled: of.uid !== '' });
  const own = marks.data?.taints.find((mark) => mark.own && mark.taint.node.uid === of.uid)?.taint;
  const before = own === undefined ? undefined : { of: of.uid, note: own.note ?? '', since: own.since };
  const text = before === undefined ? 'Declare it wrong…' : 'Change what is wrong with it…';
  const ask = () => setAsking(true);
  return {
    ...{ text, ask },
    action: { text, icon: 'warning', also: 'taint bad data wrong lineage', run: ask },
    entry: { kind: 'action', icon: 'warning', text, run: ask },
    dialog: asking ? (
      <Suspense>
        <TaintDialog {...{ of, before }} onClose={() => setAsking(false)} />
      </Suspense>
    ) : null,
  };
}

/** What else can be done with a thing of the graph. */
export function LineageMore({ label, wrong }: { label: string; wrong: DeclareWrong }) {
  return (
    <>
      <MoreButton label={label} entries={[wrong.entry]} />
      {wrong.dialog}
    </>
  );
}
