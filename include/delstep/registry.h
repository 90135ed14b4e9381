#pragma once
/// Choose by name: the parts that a run can be made of. `apps/delstep/parts.cc` is the one place
/// that fills it; a part that this build lacks is entered too, with the reason.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/aggregator.h"
#include "delstep/compressor.h"
#include "delstep/data.h"
#include "delstep/graph.h"
#include "delstep/learner.h"
#include "delstep/mobility.h"
#include "delstep/network.h"
#include "delstep/scenario.h"
#include "delstep/tensor_file.h"

namespace delstep {

/// Parts of one kind. Errors: an unknown name is kUsage and lists what there is; an absent part is
/// kUnavailable with its reason.
template <class Make>
class Parts {
 public:
  struct Entry {
    std::string name, sentence;
    Make make;           ///< empty: absent
    std::string reason;  ///< of the absence
  };

  /// `key` is the configuration key that names a part: "network.backend".
  explicit Parts(std::string key) : key_(std::move(key)) {}

  void Add(std::string name, std::string sentence, Make make) {
    entries_.push_back({std::move(name), std::move(sentence), std::move(make), {}});
  }
  void AddAbsent(std::string name, std::string sentence, std::string reason) {
    entries_.push_back({std::move(name), std::move(sentence), {}, std::move(reason)});
  }

  Result<const Make*> Find(std::string_view name) const {
    std::string known;
    for (const Entry& entry : entries_) {
      if (entry.name == name) {
        if (entry.make) return &entry.make;
        return Unavailable(key_ + " '" + entry.name + "' is not available: " + entry.reason);
      }
      known += (known.empty() ? "" : ", ") + entry.name;
    }
    return UsageError("no " + key_ + " named '" + std::string(name) + "'",
                      "choose one of: " + known);
  }
  /// For parts whose names are endings of files, ".json": the one for this file. Errors: kUsage.
  Result<const Make*> FindByEnding(std::string_view file) const {
    std::string known;
    for (const Entry& entry : entries_) {
      if (file.ends_with(entry.name) && file.size() > entry.name.size() && entry.make)
        return &entry.make;
      known += (known.empty() ? "" : ", ") + entry.name;
    }
    return UsageError("cannot tell the format of '" + std::string(file) + "' by its ending",
                      "endings are: " + known);
  }
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::string key_;
  std::vector<Entry> entries_;
};

using MakeNetwork =
    std::function<Result<std::unique_ptr<Network>>(const NetworkOptions&, std::uint64_t seed)>;
/// `workers` outlives the learner. `data` tells shapes and classes; its examples may be looked at,
/// not kept.
using MakeLearner = std::function<Result<std::unique_ptr<Learner>>(
    const Scenario& scenario, const Dataset& data, Workers& workers)>;
using MakeAggregator =
    std::function<Result<std::unique_ptr<Aggregator>>(const AggregationOptions&)>;
/// An empty pointer: nothing is compressed.
using MakeCompressor =
    std::function<Result<std::unique_ptr<Compressor>>(const CompressionOptions&)>;
using MakeMobility = std::function<Result<std::unique_ptr<Mobility>>(const Scenario&)>;
/// A graph over `scenario.nodes.count` nodes; deterministic in the scenario. `mobility` says where
/// nodes are.
using MakeTopology = std::function<Result<Graph>(const Scenario&, const Mobility& mobility)>;
using LoadData = std::function<Result<LoadedData>(const Scenario&)>;
using DealData = std::function<Result<Partition>(const PartitionRequest&)>;
/// The text of a graph in a format; a registry entry's name is the file's ending: ".json".
using WriteGraph = std::function<std::string(const Graph&)>;

struct Registry {
  Parts<MakeNetwork> networks{"network.backend"};
  Parts<MakeLearner> learners{"model.learner"};
  Parts<MakeAggregator> aggregators{"aggregation.name"};
  Parts<MakeCompressor> compressors{"compression.name"};
  Parts<MakeMobility> mobility{"mobility.name"};
  Parts<MakeTopology> topologies{"topology.name"};
  Parts<LoadData> data{"data.name"};
  Parts<DealData> partitioners{"partition.name"};
  Parts<WriteGraph> graph_writers{"graph format"};
  Parts<ReadTensors> tensor_readers{"model file"};
  Parts<WriteTensors> tensor_writers{"model file"};
};

/// All built-in parts. `folders` are where the files of published data sets are looked for. Parts
/// that this build lacks, or that are not written yet, are entered as absent: choosing one is
/// kUnavailable.
Registry MakeRegistry(const DataFolders& folders);

}  // namespace delstep
