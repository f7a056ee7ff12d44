/** What a version can be promoted to: the aliases of its model, a new one, a stage. */
import { useState } from 'react';
import { type ModelVersion, type NamedVersion, stages } from '../api/registry.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { NameDialog } from '../ui/name-dialog.tsx';
import type { Naming } from './use-naming.ts';

/** Offered where there is no such alias yet. */
const usualAliases = { model: 'champion', prompt: 'production' } as const;

export function PromoteButton(props: {
  version: ModelVersion;
  /** Of its model. */
  aliases: readonly NamedVersion[];
  naming: Naming;
  primary?: boolean;
  /** Prompts have no stages, and an alias of their own that most begin with. */
  of?: 'prompt';
}) {
  const { version: row, naming, aliases } = props;
  const { version } = row;
  const [opened, setOpened] = useState<{ anchor: Element; asking: boolean }>();
  const close = () => setOpened(undefined);
  return (
    <>
      <button
        type="button"
        className={props.primary === true ? 'button primary' : 'button small promote'}
        aria-haspopup="menu"
        aria-label={`Promote version ${version}`}
        data-promote={version}
        onClick={(event) => setOpened({ anchor: event.currentTarget, asking: false })}
      >
        <Icon name="promote" size={13} />
        Promote
      </button>
      {opened?.asking === false && (
        <Menu
          anchor={opened.anchor}
          label={`Promote version ${version}`}
          entries={entriesOf(row, props.of, aliases, naming, () => setOpened({ ...opened, asking: true }))}
          align="end"
          onClose={close}
        />
      )}
      {opened?.asking === true && (
        <NameDialog
          title={`A new alias of version ${version}`}
          action="Set it"
          value=""
          onSave={async (alias) => {
            const at = aliases.find((each) => each.alias === alias)?.version;
            if (at !== undefined)
              throw new Error(`${alias} is version ${at} now: choose it in the menu to move it.`);
            await naming.promote(alias, version, null);
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function entriesOf(
  row: ModelVersion,
  of: 'prompt' | undefined,
  aliases: readonly NamedVersion[],
  naming: Naming,
  ask: () => void,
): MenuEntry[] {
  const { version } = row;
  const usual = usualAliases[of ?? 'model'];
  const known: readonly { readonly alias: string; readonly version?: number }[] = aliases.some(
    ({ alias }) => alias === usual,
  )
    ? aliases
    : [{ alias: usual }, ...aliases];
  return [
    { kind: 'heading', text: `Version ${version} becomes` },
    ...known.map(
      ({ alias, version: at }): MenuEntry => ({
        kind: 'action',
        text: alias,
        icon: 'promote',
        hint: at === undefined ? 'not set' : at === version ? 'is it' : `is v${at}`,
        disabled: at === version,
        run: () => void naming.promote(alias, version, at ?? null),
      }),
    ),
    { kind: 'action', text: 'New alias…', icon: 'edit', run: ask },
    ...row.aliases.map(
      (alias): MenuEntry => ({
        kind: 'action',
        text: `Take ${alias} away`,
        icon: 'close',
        run: () => void naming.takeAway(alias, version),
      }),
    ),
    ...(of === 'prompt' ? [] : stageEntries(row, naming)),
  ];
}

function stageEntries({ stage: now, version }: ModelVersion, naming: Naming): MenuEntry[] {
  return [
    { kind: 'divider' },
    { kind: 'heading', text: 'Stage' },
    ...stages.map(
      (stage): MenuEntry => ({
        kind: 'action',
        text: stage,
        ...(stage === now ? { hint: 'is it', disabled: true } : {}),
        run: () => void naming.setStage(version, stage, now),
      }),
    ),
  ];
}
