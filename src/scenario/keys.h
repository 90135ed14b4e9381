#pragma once
/// The table of keys: one row for each field of Scenario. Scenario files, key=value, DELSTEP_*
/// variables, `set`, `config show`, completion, suggestions and the reference page all read it.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "scenario/key_kinds.h"
#include "scenario/toml.h"

namespace delstep {

struct Key {
  std::string_view name;  ///< "training.lr"
  KeyKind kind;
  std::string_view sentence;

  bool settable() const;  ///< `set` may change it in a run
  /// It may differ between nodes: `set KEY VALUE NODE`, `training.at.SELECTORS.KEY`. The same keys as
  /// Simulation::NodeKeys(), which a test compares; but behaviour.name is set in a run alone.
  bool per_node() const;

  /// Completes "KEY must be ...": "a number from 0 to 1", "one of adam, adamw, sgd, rmsprop".
  std::string Allowed(const Registry& registry) const { return AllowedBy(kind, registry); }
  /// For completion; empty unless it is one of some words, or has usual ones.
  std::vector<std::string> Choices(const Registry& registry) const {
    return ChoicesOf(kind, registry);
  }
  /// Endings of files that may be named instead of a word, for completion: ".cpp".
  std::vector<std::string> Endings(const Registry& registry) const;
  /// The value as TOML, which reads back as the same value.
  std::string Get(const Scenario& scenario) const { return TextOf(kind, scenario); }
  /// Checks type and range; an error changes nothing. Errors: kUsage, naming the key, the value and
  /// what is allowed. That a part can be had is not checked here: `network.backend = "ns3"` passes
  /// where the registry has it as absent.
  Result<void> Set(Scenario& scenario, const Value& value, const Registry& registry) const;
};

/// All keys in the order of the reference page, a section's together; `groups.NAME` is not among
/// them.
std::span<const Key> Keys();

/// The row of groups.NAME; it views `name`. Requires a name that begins with "groups.".
Key GroupKey(std::string_view name);
bool IsGroupKey(std::string_view name);

/// training.at.SELECTORS.KEY: the value of single nodes. The key is after the last dot, so that an
/// address may stand before it: "training.at.10.0.0.3.lr".
bool IsNodeValueKey(std::string_view name);
/// Stores such a value; an error changes nothing. Errors: kUsage, for a key that is unknown or the
/// same for all nodes, a value out of range, no selector.
Result<void> SetNodeValue(std::string_view name, const Value& value, const Registry& registry,
                          Scenario& scenario);
/// The name of what was stored.
std::string NameOf(const NodeValue& value);

/// Null if there is none; groups.NAME is not in the table.
const Key* FindKey(std::string_view name);
/// The key that a variable sets: DELSTEP_TRAINING_LR; null for DELSTEP_DATA and all other names.
const Key* FindKeyOfVariable(std::string_view variable);

/// A variable DELSTEP_... that nothing reads: "did you mean 'DELSTEP_TRAINING_LR'?", or "" where no
/// name is near. Nothing for all that are read, and for all other variables.
std::optional<std::string> UnknownVariable(std::string_view variable);

/// "training.*, test.*, history.memory, but not aggregation.share": the keys that `set` may change; a
/// section stands for its keys where most of them may.
std::string SettableKeys();

/// Says that there is no such key or section, and which was probably meant. kUsage.
Error UnknownKey(std::string_view name);

/// The reference page of all keys, in Markdown.
std::string ConfigReference(const Registry& registry);

}  // namespace delstep
