# Prints what Tab offers: capture.zsh SCRIPT LINE. An interactive zsh in a pseudo terminal completes the line, and its `compadd` prints.
zmodload zsh/zpty || exit 1
setup=$(mktemp)
cat > $setup <<'SETUP'
PROMPT=
autoload -U compinit && compinit -u -D
bindkey '^I' complete-word
zstyle ':completion:*' insert-tab false
before() { print -r -- '<<<' }
after() { print -r -- '>>>'; exit }
compprefuncs=(before)
comppostfuncs=(after)
compadd() {
  # A call that only filters arrays adds nothing.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a found
  builtin compadd -A found "$@"
  for one in $found; do print -r -- "offered $one"; done
  # Without a match zsh goes on to others.
  builtin compadd "$@"
}
SETUP
zpty capture zsh -f -i
zpty -w capture "source $setup; source ${(q)1}; print ready"
while zpty -r capture line && [[ $line != *ready$'\r'* || $line == *print* ]]; do :; done
zpty -w -n capture "$2"$'\t'
while zpty -r capture line && [[ $line != *'>>>'* ]]; do
  [[ $line == *'offered '* ]] && print -r -- ${${line##*offered }%%$'\r'*}
done
rm -f $setup
