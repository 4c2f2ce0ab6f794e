import { Argument, Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const EXAMPLES = `
Examples:
  mastplan completion bash > ~/.local/share/bash-completion/completions/mastplan
  mastplan completion zsh > "\${fpath[1]}/_mastplan"
  mastplan completion fish > ~/.config/fish/completions/mastplan.fish`;

/** `mastplan completion bash|zsh|fish`: prints a script made from the commands and options themselves. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('Print a completion script for your shell.')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', EXAMPLES);
  return command.action((shell: Shell) => {
    process.stdout.write(completionScript(command.parent ?? command, shell));
  });
}

interface Choice {
  readonly name: string;
  readonly description: string;
}

interface Entry extends Choice {
  readonly options: readonly (Choice & { readonly values: readonly string[] })[];
}

/** The script for one shell; every command and option of the program, nothing typed by hand. */
export function completionScript(program: Command, shell: Shell): string {
  const entries = program.commands.map((command): Entry => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map((option) => ({
      name: option.long ?? option.short ?? '',
      description: option.description,
      values: option.argChoices ?? [],
    })),
  }));
  if (shell === 'bash') return bashScript(program.name(), entries);
  return shell === 'zsh' ? zshScript(program.name(), entries) : fishScript(program.name(), entries);
}

function bashScript(program: string, entries: readonly Entry[]): string {
  const cases = entries.map(
    (entry) => `    ${entry.name}) words="${entry.options.map(({ name }) => name).join(' ')} --help" ;;`,
  );
  const values = entries.flatMap((entry) =>
    entry.options
      .filter((option) => option.values.length > 0)
      .map(
        (option) =>
          `    ${entry.name}:${option.name}) COMPREPLY=($(compgen -W "${option.values.join(' ')}" -- "$cur")); return ;;`,
      ),
  );
  return `# bash completion for ${program}
_${program}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${entries.map(({ name }) => name).join(' ')} --help --version" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}:$previous" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}
complete -o filenames -F _${program} ${program}
`;
}

function zshScript(program: string, entries: readonly Entry[]): string {
  const quote = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
  const item = ({ name, description }: Choice): string =>
    quote(`${name}:${description.replace(/:/g, '\\:')}`);
  const cases = entries.map(
    (entry) => `    ${entry.name}) choices=(${entry.options.map(item).join(' ')}) ;;`,
  );
  return `#compdef ${program}
_${program}() {
  local -a choices
  if (( CURRENT == 2 )); then
    choices=(${entries.map(item).join(' ')})
    _describe command choices
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
  if [[ "$PREFIX" == -* ]]; then _describe option choices; else _files; fi
}
compdef _${program} ${program}
`;
}

function fishScript(program: string, entries: readonly Entry[]): string {
  const quote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  const lines = entries.flatMap((entry) => [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${entry.name} -d ${quote(entry.description)}`,
    ...entry.options.map((option) => {
      const values = option.values.length > 0 ? ` -x -a ${quote(option.values.join(' '))}` : '';
      return `complete -c ${program} -n '__fish_seen_subcommand_from ${entry.name}' -l ${option.name.replace(/^--/, '')} -d ${quote(option.description)}${values}`;
    }),
  ]);
  return `# fish completion for ${program}\n${lines.join('\n')}\n`;
}
