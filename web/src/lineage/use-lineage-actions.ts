/** What the palette offers of the lineage of data. */
import { useNavigate } from '@tanstack/react-router';
import { useProject } from '../layout/use-project.ts';
import type { PaletteAction } from '../palette/palette-state.ts';
import { lineageUrl } from '../urls.ts';

/** `more`: what the page adds. */
export function useLineageActions(of: string, ...more: readonly PaletteAction[]): readonly PaletteAction[] {
  const { site } = useProject();
  const navigate = useNavigate();
  return [
    {
      text: 'Which deployed models derive from it?',
      icon: 'deploy',
      also: 'lineage impact serving',
      run: () => void navigate(lineageUrl(of, site, { deployed: 'yes' })),
    },
    {
      text: 'What derives from it',
      icon: 'lineage',
      also: 'lineage impact graph',
      run: () => void navigate(lineageUrl(of, site)),
    },
    {
      text: 'What it comes from',
      icon: 'lineage',
      also: 'lineage ancestry causes graph',
      run: () => void navigate(lineageUrl(of, site, { ask: 'ancestry' })),
    },
    ...more,
  ];
}
