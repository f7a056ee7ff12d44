/** Names that are too long for a line of a list. Pure. */

/** Of a path to a file its folder and its name, which tell it apart; any other name whole. */
export function shortName(name: string): string {
  if (!name.startsWith('/') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return name;
  const parts = name.split('/').filter((part) => part !== '');
  return parts.length <= 3 ? name : `…/${parts.slice(-2).join('/')}`;
}
