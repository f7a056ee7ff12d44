/** CSS colours as a canvas needs them: resolved for the theme that shows, and again when it changes. */
import { useEffect, useMemo, useState } from 'react';
import { useTheme } from '../layout/theme.ts';

export interface CanvasColours {
  readonly lines: readonly string[];
  readonly ink: string;
  readonly grid: string;
  readonly warn: string;
}

export function useColours(lines: readonly string[]): CanvasColours {
  const theme = useTheme();
  const [system, setSystem] = useState(0);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => setSystem((count) => count + 1);
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  const key = lines.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme, the system and the key are the triggers
  return useMemo(() => {
    const [ink, grid, warn, ...rest] = resolved(['var(--ink3)', 'var(--line)', 'var(--warn)', ...lines]);
    return { ink: ink!, grid: grid!, warn: warn!, lines: rest };
  }, [key, theme, system]);
}

function resolved(colours: readonly string[]): string[] {
  const probe = document.createElement('span');
  document.body.append(probe);
  const found = colours.map((colour) => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}
