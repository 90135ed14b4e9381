#include "apps/delstep/zsh_completion.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"

namespace delstep {
namespace {

using Option = CompletionWords::Option;

/// In single quotes, in which nothing else means anything.
std::string ZshQuoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + '\'';
}

/// A specification of _arguments: `'*--out=:folder:_files -/'`; the star: it may come again.
std::string ZshOption(const Option& option) {
  // A long option may have its value after a '=' or as the next word, a short one as the next word.
  const std::string name =
      option.name +
      (option.value != Option::Value::kNone && option.name.starts_with("--") ? "=" : "");
  switch (option.value) {
    case Option::Value::kNone:
      return ZshQuoted('*' + name);
    case Option::Value::kFile:
      return ZshQuoted('*' + name + ":file:_files");
    case Option::Value::kFolder:
      return ZshQuoted('*' + name + ":folder:_files -/");
    case Option::Value::kWords:
      return ZshQuoted(fmt::format("*{}:word:({})", name, Join(option.words, " ")));
    case Option::Value::kOther:
      return ZshQuoted('*' + name + ":value: ");
  }
  return {};
}

/// Pairs `'NAME:SENTENCE'` for _describe.
std::string ZshKeys(const CompletionWords& words) {
  std::string keys;
  for (const auto& key : words.keys)
    keys += fmt::format("    {}\n", ZshQuoted(key.name + ':' + key.sentence));
  return keys;
}

std::string ZshValues(const CompletionWords& words) {
  std::string cases;
  for (const auto& key : words.keys)
    if (!key.choices.empty())
      cases += fmt::format("      {}) compadd -- {} ;;\n", key.name, Join(key.choices, " "));
  return cases;
}

}  // namespace

std::string ZshCompletion(const CompletionWords& words) {
  std::string options;
  for (const Option& option : words.options) options += "    " + ZshOption(option) + " \\\n";
  return fmt::format(R"(#compdef delstep
# zsh completion of delstep; after compinit, switch it on with: source <(delstep docs completion zsh)
_delstep_word() {{
  local -a keys=(
{}  )
  if compset -P 1 '*='; then
    case ${{IPREFIX%=}} in
{}      *) _files ;;
    esac
    return
  fi
  case $words[2] in
    docs)
      [[ $words[3] == completion ]] && compadd -- {} || compadd -- {}
      return ;;
    plot) _files -/; return ;;
  esac
  (( CURRENT == 2 )) && compadd -- {} {}
  _describe -t keys key keys -S= -q
  _files
}}
_delstep() {{
  _arguments -s \
{}    '*:word:_delstep_word'
}}
if [[ $funcstack[1] == _delstep ]]; then _delstep "$@"; else compdef _delstep delstep; fi
)",
                     ZshKeys(words), ZshValues(words), Join(words.shells, " "),
                     Join(words.pages, " "), Join(words.verbs, " "), Join(words.scenarios, " "),
                     options);
}

}  // namespace delstep
