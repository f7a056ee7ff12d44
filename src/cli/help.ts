/** `cairn help [command]`, and the words every `--help` prints. */
import { type Setting, settings, UsageError } from '../config.ts';
import type { Command } from './command.ts';
import { commonOptions, configFile } from './invocation.ts';
import { nearest } from './nearest.ts';

export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    summary: 'Tell about Cairn, or about one command.',
    about: 'Lists the commands, or with a name tells what one does, with examples and every setting.',
    examples: [['cairn help serve', 'all settings of the server']],
    settings: [],
    options: [],
    words: 1,
    async run({ words: [name] }, terminal) {
      terminal.out(name === undefined ? overview(commands()) : pageOf(commandNamed(name, commands())));
      return 0;
    },
  };
}

/** The command of that name; refuses another with the name that was probably meant. */
export function commandNamed(name: string, commands: readonly Command[]): Command {
  const found = commands.find((known) => known.name === name);
  if (found !== undefined) return found;
  const names = commands.map((known) => known.name);
  const meant = nearest(name, names);
  throw new UsageError(
    `no command ${name}; ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`}`,
  );
}

function overview(commands: readonly Command[]): string {
  const [host, port, data] = ['127.0.0.1', '5000', './cairn-data'];
  return [
    'Cairn: every run, dataset, model and deployment in one graph.',
    '',
    'Usage: cairn <command> [options]',
    '',
    ...columns(commands.map(({ name, summary }) => [`  ${name}`, summary])),
    '',
    `Start here:  cairn serve        (UI and API on http://${host}:${port}, everything in ${data})`,
    'Then, in Python, with the MLflow client you already have:',
    '  import mlflow',
    `  mlflow.set_tracking_uri("http://${host}:${port}")`,
    '  mlflow.log_metric("loss", 0.25)',
    '',
    '`cairn help <command>` tells more about one of them.',
  ].join('\n');
}

/** What `cairn <command> --help` prints. */
export function pageOf(command: Command): string {
  const all: readonly Setting[] = settings;
  const taken = all.filter(({ name }) => (command.settings as readonly string[]).includes(name));
  const own = [...command.options, ...commonOptions];
  const lines = [`cairn ${command.name}: ${command.summary}`, '', ...wrap(command.about, 78), ''];
  lines.push('Examples:');
  for (const [line, purpose] of command.examples) lines.push(`  ${line}`, `      ${purpose}`);
  lines.push('', 'Options:');
  lines.push(...columns(own.map(({ flag, value, doc }) => [`  --${flag}${value ? ` ${value}` : ''}`, doc])));
  if (taken.length > 0) {
    lines.push('', `Settings (flag, else variable, else ${configFile}, else default):`);
    for (const setting of taken) lines.push(...settingLines(setting));
  }
  return lines.join('\n');
}

function settingLines(setting: Setting): string[] {
  const flag = setting.flag === undefined ? setting.env : `--${setting.flag} ${setting.value}`;
  const facts = [
    ...(setting.flag === undefined ? [] : [setting.env]),
    ...(setting.secret ? [`${setting.env}_FILE`] : []),
    ...(setting.default === undefined ? [] : [`default ${setting.default}`]),
  ];
  return [`  ${flag}`, ...wrap(`${setting.doc} (${facts.join('; ')})`, 72).map((line) => `      ${line}`)];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `${left.padEnd(width)}${right}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
