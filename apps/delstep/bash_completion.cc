#include "apps/delstep/bash_completion.h"

#include <fmt/format.h>

#include "base/text.h"

namespace delstep {
namespace {

using Option = CompletionWords::Option;

/// Cases `NAME) values='A B' ;;` of what stands before a '='.
std::string BashValues(const CompletionWords& words) {
  std::string cases;
  for (const auto& option : words.options)
    if (option.value == Option::Value::kWords && option.name.starts_with("--"))
      cases += fmt::format("    {}) values='{}' ;;\n", option.name, Join(option.words, " "));
  for (const auto& key : words.keys)
    if (!key.choices.empty())
      cases += fmt::format("    {}) values='{}' ;;\n", key.name, Join(key.choices, " "));
  return cases;
}

/// Cases of the word before the one that is completed.
std::string BashOptions(const CompletionWords& words) {
  const auto line = [&](Option::Value value, std::string_view replies) {
    return fmt::format("    {}) {}return ;;\n", Join(NamesOf(words.options, value), "|"), replies);
  };
  std::string cases = line(Option::Value::kFile, "COMPREPLY=($(compgen -f -- \"$word\")); ") +
                      line(Option::Value::kFolder, "COMPREPLY=($(compgen -d -- \"$word\")); ") +
                      line(Option::Value::kOther, "");
  for (const auto& option : words.options)
    if (option.value == Option::Value::kWords)
      cases += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n",
                           option.name, Join(option.words, " "));
  return cases;
}

}  // namespace

std::string BashCompletion(const CompletionWords& words) {
  std::vector<std::string> keys;
  for (const auto& key : words.keys) keys.push_back(key.name + '=');
  // COMP_WORDS has the '=' of a key as a word of its own, as bash breaks words there.
  return fmt::format(
      R"(# bash completion of delstep; switch it on with: source <(delstep docs completion bash)
_delstep() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} key= values=
  COMPREPLY=()
  if [[ $word == = ]]; then key=$before word=
  elif [[ $before == = ]]; then key=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  case $key in
    '') ;;
{}    *) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  if [[ -n $key ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
    return
  fi
  case $before in
{}    docs) COMPREPLY=($(compgen -W '{}' -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W '{}' -- "$word")); return ;;
  esac
  if [[ ${{COMP_WORDS[1]}} == plot && $word != -* ]]; then
    COMPREPLY=($(compgen -d -- "$word"))
    return
  fi
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W '{}' -- "$word"))
    return
  fi
  COMPREPLY=($(compgen -W '{} {} {}' -- "$word") $(compgen -f -- "$word"))
  [[ ${{#COMPREPLY[@]}} == 1 && ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace
}}
complete -F _delstep delstep
)",
      BashValues(words), BashOptions(words), Join(words.pages, " "), Join(words.shells, " "),
      Join(NamesOf(words.options, Option::Value::kNone), " "), Join(words.verbs, " "),
      Join(words.scenarios, " "), Join(keys, " "));
}

}  // namespace delstep
