import { Icon } from './icons.tsx';

export function SearchField(props: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <div className="search-field">
      <Icon name="search" size={13} />
      <input
        type="search"
        aria-label={props.label}
        placeholder="Search"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}
