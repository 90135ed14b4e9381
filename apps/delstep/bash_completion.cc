#include "apps/delstep/bash_completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "apps/delstep/arguments.h"
#include "apps/delstep/setup.h"
#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

/// Of all folders in which scenarios are looked up, sorted.
std::vector<std::string> ScenarioNames() {
  namespace fs = std::filesystem;
  std::set<std::string> names;
  for (const fs::path& folder : ScenarioFolders()) {
    std::error_code failed;
    for (fs::directory_iterator i(folder, failed), end; !failed && i != end; i.increment(failed))
      if (i->path().extension() == ".toml") names.insert(i->path().stem().string());
  }
  return {names.begin(), names.end()};
}

std::string Values(const Registry& registry) {
  std::string cases;
  for (const Key& key : Keys())
    if (const auto choices = key.Choices(registry); !choices.empty())
      cases += fmt::format("    {}) values='{}' ;;\n", key.name, Join(choices, " "));
  return cases;
}

}  // namespace

std::string BashCompletion(const Registry& registry) {
  std::vector<std::string> keys;
  for (const Key& key : Keys()) keys.push_back(std::string(key.name) + '=');
  std::vector<std::string> options;
  for (const std::string& option : OptionNames()) options.push_back(option);
  // COMP_WORDS has the '=' of a key as a word of its own, as bash breaks words there.
  return fmt::format(
      R"(# bash completion of delstep; switch it on with: source <(delstep docs completion)
_delstep() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} key= values=
  COMPREPLY=()
  if [[ $word == = ]]; then key=$before word=
  elif [[ $before == = ]]; then key=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  case $key in
    '') ;;
    --color) values='auto always never' ;;
    --x) values='time cycle bytes step' ;;
    --band) values='p10-p90 min-max std none' ;;
{}    *) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  if [[ -n $key ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
    return
  fi
  case $before in
    -f|--check|--resume|--checkpoint) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --out) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto always never' -- "$word")); return ;;
    --x) COMPREPLY=($(compgen -W 'time cycle bytes step' -- "$word")); return ;;
    --band) COMPREPLY=($(compgen -W 'p10-p90 min-max std none' -- "$word")); return ;;
    --metric) COMPREPLY=($(compgen -W 'test_acc test_loss train_loss consensus_distance contacts total_bytes' -- "$word")); return ;;
    -c|--seed|--checkpoint-every|--jobs|--title|--page|--page-bind) return ;;
    docs) COMPREPLY=($(compgen -W 'commands config json networks completion man' -- "$word")); return ;;
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
      Values(registry), Join(options, " "), Join(ShellWords(), " "), Join(ScenarioNames(), " "),
      Join(keys, " "));
}

}  // namespace delstep
