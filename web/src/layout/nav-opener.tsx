import { Icon } from '../ui/icons.tsx';
import { navigation } from './navigation.ts';

/** Where the navigation is folded away (on a phone) the head of every page opens it. */
export function NavOpener() {
  return (
    <button
      type="button"
      className="icon-button nav-opener"
      aria-label="Open the navigation"
      onClick={navigation.open}
    >
      <Icon name="menu" />
    </button>
  );
}
