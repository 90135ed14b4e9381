#pragma once
/// What `help` says: about commands, keys of the configuration, placeholders and words.
///
/// All of it is read from tables: the rows of the commands, the keys, the glossary. So a new command
/// or key is explained as soon as its row is there.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

struct Command;

/// What help depends on, besides what it is asked for.
struct HelpSource {
  const Registry& registry;  ///< which parts there are to choose from
  const Scenario& scenario;  ///< the present values of keys
  std::size_t width = 80;    ///< lines are broken between words to be no wider
};

/// The lines of help on a topic; for an empty one an overview of all commands. A topic is a command
/// ("link", "group add"), a group of commands ("learning"), a key ("training.lr") or a section of
/// keys ("topology"), a placeholder of usage lines ("NODE"), "metrics", "keys", "words", or a word of
/// the glossary ("encounter"). Where a topic is several of these, all are explained.
/// Errors: kUsage where it is none of these.
Result<std::vector<std::string>> HelpLines(std::string_view topic, const HelpSource& source);

/// The rows of the table that HelpLines() explains; all of them for an empty topic, none where the
/// topic is no command and no group of commands.
std::vector<const Command*> CommandsAbout(std::string_view topic);

/// kUsage, with what was probably meant, where there is no help on the topic.
Result<void> CheckHelpTopic(std::string_view topic);

/// All topics, for completion.
std::vector<std::string> HelpTopics();

/// A placeholder of usage lines, and what may stand in its place.
struct PlaceholderHelp {
  std::string_view name;  ///< "NODE"
  std::string_view text;
};
std::span<const PlaceholderHelp> Placeholders();

}  // namespace delstep
