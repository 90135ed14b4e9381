#pragma once
/// A scenario together with where each of its values came from.
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cow.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "scenario/toml.h"

namespace delstep {

struct Registry;

/// Where a value came from; a later layer wins over an earlier one.
struct Origin {
  enum class Layer { kDefault, kFile, kEnvironment, kCommandLine, kSet } layer = Layer::kDefault;
  std::string text =
      "default";        ///< "mnist-12.toml:12", "DELSTEP_TRAINING_LR", "command line", "set"
  std::string where{};  ///< of a file: "scenarios/mnist-12.toml:12:1"
};

/// An error at that place: kFile with `where` if it is a file, else kUsage with the origin before
/// the message.
Error At(const Origin& origin, Error error);

class Config;
/// An error of building a run that is about a key (Error::key), at the place where the key has its
/// value; others as they are.
Error AtItsKey(const Config& config, Error error);

/// A value; copies are cheap, as they share what they hold until one of them is changed.
class Config {
 public:
  /// The defaults. The registry tells which parts can be chosen by name; it outlives the
  /// configuration and its copies.
  explicit Config(const Registry& registry) : registry_(&registry) {
    contents_.Write().scenario.nodes.count_given = false;
  }

  /// Whether somebody has asked for the file of Load(): what it sets is then chosen
  /// (TrainingOptions::chosen). The values of the scenario that is used where none is named are
  /// defaults with a place to read them at.
  enum class FileIs { kChosen, kDefault };

  /// Defaults, then the file (none: defaults only), the DELSTEP_* variables among `environment`
  /// (those that name no key and empty ones do not count), and the overrides "key=value" in order;
  /// then Check(). Errors: kFile for the file, with where = "FILE:LINE:COLUMN"; kUsage for the
  /// rest, naming its origin.
  static Result<Config> Load(const Registry& registry,
                             const std::optional<std::filesystem::path>& file,
                             std::span<const std::pair<std::string, std::string>> environment,
                             std::span<const std::string> overrides,
                             FileIs file_is = FileIs::kChosen);
  /// Adds a file's layer from its text; `name` stands in origins and errors. An error leaves some
  /// of the keys set.
  Result<void> AddToml(std::string_view text, std::string_view name);

  /// Sets one key; an error changes nothing. Errors: kUsage, naming the origin.
  Result<void> Set(std::string_view key, std::string_view value, const Origin& origin);
  /// As `set KEY VALUE` does in a run: refuses, with kUsage, keys that only count at the start.
  Result<void> SetInRun(std::string_view key, std::string_view value);

  /// The number of nodes that the topology brought where nobody set nodes.count: from now on the
  /// key has it, and topology.file as its origin (mobility.file where a trace brought them).
  void FollowNodesCount(std::size_t count);

  const Scenario& scenario() const { return contents_->scenario; }
  /// Of a key; the default's if it was never set.
  const Origin& OriginOf(std::string_view key) const;

  /// The same configuration out of a text of ToToml() and the bytes of SaveOrigins(): with the
  /// origins, and with what was chosen, that ToToml() cannot tell. Errors: kFile, if these cannot
  /// have been written together.
  static Result<Config> Restore(const Registry& registry, std::string_view toml,
                                std::string_view origins);
  std::string SaveOrigins() const;
  /// Files and folders that it names get their full paths, so that they are found from anywhere. A
  /// rule of aggregation or a behaviour in a file of the user's keeps its name unless `own_parts`: it
  /// is part of the settings that a run's hash covers.
  void NameFullPaths(bool own_parts = true);

  /// A file or folder that is read, as it is named.
  struct NamedFile {
    std::string_view key;
    std::string path;
  };
  /// All of them: data, graphs, traces, weights, models, and parts that are files of the user's. Whether
  /// the part that reads one is chosen is not asked: WhyUnused() in key_readers.h.
  std::vector<NamedFile> Files() const;

  /// Equal for copies of which none has changed since.
  const void* identity() const { return contents_.identity(); }

  /// All values as a scenario file, which loads as an equal scenario.
  std::string ToToml() const;
  struct Row {
    std::string key, value, origin;  ///< value: as TOML
    std::string json{};              ///< the value as JSON
  };
  /// All keys in the order of the table, then values of single nodes, groups last.
  std::vector<Row> Show() const;

 private:
  struct Contents {
    Scenario scenario;
    std::map<std::string, Origin, std::less<>> origins;  // by key
  };
  Result<void> Apply(std::string_view key, const Value& value, const Origin& origin);

  const Registry* registry_;
  FileIs file_is_ = FileIs::kChosen;
  Cow<Contents> contents_;
};

/// The key of the file that says how many nodes there are where nodes.count does not: of the graph or
/// list of contacts, else of the trace by which nodes move. Empty: no file does.
std::string_view KeyOfNodes(const Scenario& scenario);
/// What that key names; likewise.
std::string_view FileOfNodes(const Scenario& scenario);

/// Whether training.lr counts for a model that brings an optimizer of its own: somebody has set it,
/// or a program has filled in another value than the default.
bool ChoosesRate(const TrainingOptions& training);

/// Whether the values fit together, as far as that can be told without data: numbers of nodes
/// against degrees, names, addresses and sizes; names against the words of the command language.
/// The error points at the one of the keys involved that was set last.
Result<void> Check(const Config& config);

/// A scenario by name ("mnist-12", looked up in the folders in order) or by file ("exp.toml", as it
/// is). Errors: kUsage for an unknown name, with those that there are; kFile for a file that is
/// missing.
Result<std::filesystem::path> FindScenario(std::string_view name_or_file,
                                           std::span<const std::filesystem::path> folders);

}  // namespace delstep
