/** A path or a name that may be one: where there is no room for all of it, its end stays, which says most. */
export function EndText({ text }: { text: string }) {
  return text.includes('/') ? (
    <span className="end-text">
      <bdi>{text}</bdi>
    </span>
  ) : (
    text
  );
}
