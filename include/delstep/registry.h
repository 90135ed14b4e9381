#pragma once
/// Choosing parts by name. A run is made of parts: a topology, a data set, a rule of aggregation
/// and so on. The Registry lists the parts of each kind, each with a name, a sentence, and the
/// function that makes it. Simulation::Create looks up the names that the Scenario gives.
///
/// MakeRegistry() enters the built-in parts. A program can add its own before it creates a
/// simulation:
///
///     Registry registry = MakeRegistry({.fetched = "data"});
///     registry.aggregators.Add("nearness", "closer models count more", MakeNearness);
///     scenario.aggregation.name = "nearness";
///     auto simulation = Simulation::Create(scenario, registry);
///
/// examples/own_aggregator/main.cc is such a program, whole.
///
/// Scenario files, `key=value` and the prompt take their names from the same lists. So a part that
/// is in the Registry can be written in TOML, set with `set`, and completed with Tab.
///
/// Every Make function refuses values of the scenario that it cannot work with as kUsage, and names
/// the key: UsageError("partition.alpha = -1: it must be more than 0").About("partition.alpha"). So
/// the user is told in which line of the scenario the value stands.
///
/// Make functions are called while a simulation is created; those of learners, rules of aggregation
/// and compressors again when `set` changes a value during the run. Each call makes a new part,
/// which the simulation then owns. A part keeps no reference to the arguments, unless a comment
/// below says that they outlive it.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/aggregator.h"
#include "delstep/behaviour.h"
#include "delstep/churn.h"
#include "delstep/compressor.h"
#include "delstep/data.h"
#include "delstep/graph.h"
#include "delstep/learner.h"
#include "delstep/mobility.h"
#include "delstep/network.h"
#include "delstep/scenario.h"
#include "delstep/tensor_file.h"

namespace delstep {

class Cluster;  // of the core

/// The parts of one kind, in the order in which they were added; this is also the order in which
/// messages and the reference page list them. `Make` is the type of the function that makes a part.
///
/// Some parts may be missing from a build, for example "torch" where LibTorch was not found. Such a
/// part is entered as absent. Its name is known, and whoever chooses it is told why it is missing.
/// So a scenario that names it is right on another machine, and wrong only for this build: that is
/// kUnavailable rather than kUsage, and another exit code.
///
/// Threads: const calls may run at the same time. Add nothing while a simulation is in use: it
/// looks up parts whenever `set` changes a value.
template <class Make>
class Parts {
 public:
  struct Entry {
    std::string name;      ///< what is written in a scenario: "krum"
    std::string sentence;  ///< for lists: what the part is or does, without a full stop
    Make make;             ///< makes the part; empty if it is absent
    std::string reason;    ///< why it is absent; empty if it is there
    /// Asks the program behind the part for its version; empty: there is no such program.
    std::function<std::string()> ask_version;

    /// "ns-3 3.37", or "absent"; "" for a part of this program.
    std::string Version() const { return !make ? "absent" : ask_version ? ask_version() : ""; }
  };

  /// `key` is the configuration key that names a part: "network.backend". Messages use it.
  explicit Parts(std::string key) : key_(std::move(key)) {}

  /// Enters a part at the end of the list. Requires a name that is not in the list yet, and a
  /// `make` that is not empty. Use names as the built-in ones: small letters, with hyphens.
  void Add(std::string name, std::string sentence, Make make,
           std::function<std::string()> ask_version = {}) {
    entries_.push_back(
        {std::move(name), std::move(sentence), std::move(make), {}, std::move(ask_version)});
  }
  /// Names that end in `ending` are files of the user's, which `make` reads: with ".cpp",
  /// aggregation.name = "my_rule.cpp" is a part. Such names are not listed; `sentence` says in
  /// messages what may be written: "a C++ file such as my_rule.cpp".
  void AddFiles(std::string ending, std::string sentence, Make make) {
    files_.push_back({std::move(ending), std::move(sentence), std::move(make), {}, {}});
  }
  /// `reason` completes "network.backend 'ns3' is not available: ...".
  void AddAbsent(std::string name, std::string sentence, std::string reason) {
    entries_.push_back({std::move(name), std::move(sentence), {}, std::move(reason), {}});
  }

  /// The function that makes the part; valid until the list changes. Errors: kUsage for an unknown
  /// name, with all names there are; kUnavailable for an absent part, with the reason. The name
  /// must be exact: how a user may write it is the business of whoever reads the scenario.
  Result<const Make*> Find(std::string_view name) const {
    if (const Entry* files = FilesOf(name)) return &files->make;
    for (const Entry& entry : entries_) {
      if (entry.name != name) continue;
      if (entry.make) return &entry.make;
      return Unavailable(key_ + " '" + entry.name + "' is not available: " + entry.reason);
    }
    return UsageError("no " + key_ + " named '" + std::string(name) + "'",
                      "choose one of: " + Known());
  }
  /// For parts whose names are endings of files, ".json": the one for this file, whether its ending
  /// is written in capitals or not. Errors: kUsage.
  Result<const Make*> FindByEnding(std::string_view file) const {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (const Entry& entry : entries_) {
      if (file.size() <= entry.name.size() || !entry.make) continue;
      const std::string_view ending = file.substr(file.size() - entry.name.size());
      if (std::ranges::equal(ending, entry.name, {}, small)) return &entry.make;
    }
    return UsageError("cannot tell the format of '" + std::string(file) + "' by its ending",
                      "endings are: " + Known());
  }

  /// All parts, those that are absent included, in the order in which they were added. For lists
  /// and for help; to choose a part, use Find().
  const std::vector<Entry>& entries() const { return entries_; }
  /// Whether the name is that of a file, by its ending.
  bool IsFile(std::string_view name) const { return FilesOf(name) != nullptr; }
  /// The kinds of files that may be named, each with its ending as `name`.
  const std::vector<Entry>& files() const { return files_; }
  /// The names alone, those of absent parts included.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const Entry& entry : entries_) names.push_back(entry.name);
    return names;
  }

 private:
  const Entry* FilesOf(std::string_view name) const {
    for (const Entry& entry : files_)
      if (name.ends_with(entry.name) && name.size() > entry.name.size()) return &entry;
    return nullptr;
  }
  std::string Known() const {
    std::string known;
    for (const Entry& entry : entries_) known += (known.empty() ? "" : ", ") + entry.name;
    for (const Entry& entry : files_)
      if (!entry.sentence.empty()) known += ", or " + entry.sentence;
    return known;
  }

  std::string key_;
  std::vector<Entry> entries_, files_;
};

// ---- The functions that make parts. Each is called on the thread that creates the simulation, or
// that runs the `set` command. Each takes what the scenario says, and returns a part that is ready
// to work or an Error that names the key. A function that returns an Error leaves nothing behind.
// It may be a lambda that captures what it needs: captured objects live as long as the Registry.

/// A network without nodes, for `scenario.network`, the backend's own options and `scenario.seed`.
/// Errors: kUsage for options that it cannot follow; kUnavailable if its program cannot be started.
using MakeNetwork = std::function<Result<std::unique_ptr<Network>>(const Scenario&)>;
/// The learner for `scenario.model` and `scenario.training`. `data` tells the shape of an example
/// and the number of classes; its examples may be looked at, but not kept. `workers` are the run's
/// threads, and outlive the learner. Errors: kUsage for a model or an optimizer that it lacks.
using MakeLearner = std::function<Result<std::unique_ptr<Learner>>(
    const Scenario& scenario, const Dataset& data, Workers& workers)>;
/// A rule of aggregation, with its parameters (`trim`, `byzantine`); `name` is the one that was
/// chosen, or the file. Errors: kUsage for parameters out of range. Whether there are enough models
/// for it is only known when it aggregates.
using MakeAggregator = std::function<Result<Aggregator>(const AggregationOptions&)>;
/// A compressor, or none. An empty pointer means that models are sent as they are, 4 bytes per
/// number.
/// Errors: kUsage for a ratio or a number of bits that it cannot follow.
using MakeCompressor =
    std::function<Result<std::unique_ptr<Compressor>>(const CompressionOptions&)>;
/// Where nodes are. Everything random follows from `scenario.seed`. Errors: kUsage for options that
/// it cannot follow; kFile for a trace.
using MakeMobility = std::function<Result<std::unique_ptr<Mobility>>(const Scenario&)>;
/// When nodes are online; an empty pointer: always. Everything random follows from `scenario.seed`.
/// Errors: kUsage for options that it cannot follow; kFile for a file.
using MakeChurn = std::function<Result<std::unique_ptr<Churn>>(const Scenario&)>;
/// What nodes do by themselves; an empty pointer: nothing. `options.name` is the one that was
/// chosen, also where it is that of some nodes only. Errors: kUsage for options that it cannot
/// follow.
using MakeBehaviour = std::function<Result<std::unique_ptr<Behaviour>>(const BehaviourOptions&)>;
/// The graph at the start, over exactly `scenario.nodes.count` nodes, or over those that the
/// topology brings where nodes.count_given is false. Equal scenarios give equal
/// graphs. `mobility` says where nodes are, for topologies that depend on distances; it
/// outlives the graph's contacts. Errors: kUsage
/// for values for which there is no such graph (five nodes of degree three); kFile for a file.
using MakeTopology = std::function<Result<Graph>(const Scenario&, const Mobility& mobility)>;
/// Reads or makes the data set of `scenario.data`, all of it at once; called once per simulation.
/// Errors: kFile for a file that is missing or bad.
using LoadData = std::function<Result<LoadedData>(const Scenario&)>;
/// Deals the pool of examples to the nodes; see Partition. Errors: kUsage for options that no deal
/// of this pool can meet. Called once per simulation, before any node exists.
using DealData = std::function<Result<Partition>(const PartitionRequest&)>;
/// The text of a graph in one format. An entry's name is the ending of the file: ".json". It cannot
/// fail: every Graph can be written, and what a format has no place for is left out.
using WriteGraph = std::function<std::string(const Graph&)>;

/// All parts that runs can be made of, by kind. A plain value: copy it, add to it. It must outlive
/// the simulations and configurations that were made with it. The text in braces is the key of the
/// configuration by which a part is chosen; error messages begin with it.
struct Registry {
  Parts<MakeNetwork> networks{"network.backend"};
  Parts<MakeLearner> learners{"model.learner"};
  Parts<MakeAggregator> aggregators{"aggregation.name"};
  Parts<MakeCompressor> compressors{"compression.name"};
  Parts<MakeMobility> mobility{"mobility.name"};
  Parts<MakeChurn> churn{"churn.name"};
  Parts<MakeBehaviour> behaviours{"behaviour.name"};
  Parts<MakeTopology> topologies{"topology.name"};
  Parts<LoadData> data{"data.name"};
  Parts<DealData> partitioners{"partition.name"};

  // Formats of files, chosen by the ending of a file's name rather than by a key. Reading a graph
  // is part of the topology `file`.
  Parts<WriteGraph> graph_writers{"graph format"};   ///< of `save topology`
  Parts<ReadTensors> tensor_readers{"model file"};   ///< of `model.weights`
  Parts<WriteTensors> tensor_writers{"model file"};  ///< of `export`

  /// A hash of all that a C++ file of the user's was compiled from, the headers that it includes as
  /// well; nothing for other files. May be empty: then files count by their own bytes.
  std::function<std::optional<std::uint64_t>(const std::string& file)> hash_source;

  /// The processes that a run is spread over; null: it has this one alone. See
  /// docs/internals/many-machines.md.
  std::shared_ptr<Cluster> cluster;
};

/// All built-in parts. `folders` are where the files of published data sets are looked for; they
/// need not exist. src/parts/parts.cc asks each folder that has parts to enter them. No part is
/// made yet and no library is loaded, so this is cheap.
Registry MakeRegistry(const DataFolders& folders);

}  // namespace delstep
