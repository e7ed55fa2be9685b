// The scripts only ask the program itself, so that they know every command and every service that was seen, and never grow old.

export const BASH = `# intersect completion for bash. In ~/.bashrc:  eval "$(intersect completion bash)"
_intersect() {
  local IFS=$'\\n'
  COMPREPLY=($(intersect completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [ \${#COMPREPLY[@]} -gt 0 ] || compopt -o default 2>/dev/null
}
complete -F _intersect intersect
`;

export const ZSH = `#compdef intersect
# intersect completion for zsh. In ~/.zshrc, after compinit:  eval "$(intersect completion zsh)"
_intersect() {
  local -a found
  found=(\${(f)"$(intersect completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
compdef _intersect intersect
`;
