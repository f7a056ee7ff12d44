import { useState } from 'react';
import { Icon, type IconName } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { pinTheme, type Theme, useTheme } from './theme.ts';

const themes: Readonly<Record<Theme, { text: string; icon: IconName }>> = {
  system: { text: 'As the system', icon: 'system' },
  light: { text: 'Light', icon: 'sun' },
  dark: { text: 'Dark', icon: 'moon' },
};

export function ThemeButton() {
  const theme = useTheme();
  const [anchor, setAnchor] = useState<Element>();
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={`Theme: ${themes[theme].text}`}
        aria-haspopup="menu"
        title="Theme"
        onClick={(event) => setAnchor(anchor === undefined ? event.currentTarget : undefined)}
      >
        <Icon name={themes[theme].icon} />
      </button>
      {anchor !== undefined && (
        <Menu
          anchor={anchor}
          label="Theme"
          onClose={() => setAnchor(undefined)}
          entries={(Object.keys(themes) as Theme[]).map((name) => ({
            kind: 'action',
            text: themes[name].text,
            checked: name === theme,
            run: () => pinTheme(name),
          }))}
        />
      )}
    </>
  );
}
