/**
 * The language of the browser, as formatters take it. Browsers that are started in an environment without a language call
 * it `en-US@posix` or `C`, which `Intl` refuses; uPlot hands it over as it is when it is loaded, and no chart was drawn.
 */
export function knownLanguage(language: string): string {
  for (const each of [language, language.split(/[@.]/)[0]!.replaceAll('_', '-')])
    try {
      return Intl.getCanonicalLocales(each)[0] ?? 'en-US';
    } catch {
      // Not one: the next.
    }
  return 'en-US';
}

/** Gives the page a language that formatters take, where the browser names another. */
export function mendLanguage(browser: { readonly language: string }): void {
  const { language } = browser;
  const known = knownLanguage(language);
  if (known !== language) Object.defineProperty(browser, 'language', { value: known, configurable: true });
}
