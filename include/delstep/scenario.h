#pragma once
/// Everything a run starts from: plain data with a default and a sentence per field. A field's key
/// in TOML and on the command line is `section.field`; src/scenario/keys.cc holds the table of
/// keys.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

struct NodesOptions {
  std::size_t count = 12;
  std::vector<Address> addresses;  ///< the first nodes' addresses; the others get default ones
  std::vector<std::string> names;  ///< the first nodes' names
};

struct TopologyOptions {
  std::string name = "full";
  std::uint32_t degree = 4;  ///< `regular`: neighbours of each node
  std::uint32_t k = 4;       ///< `small-world`: ring neighbours of each node, even
  double p = 0.1;            ///< `small-world`: rewiring probability; `random`: edge probability
  std::uint32_t m = 2;       ///< `scale-free`: edges of each new node
  double radius = 0.35;      ///< `geometric`: radio range, in sides of the unit square
  std::string file;          ///< `file`: edge list, or node-link JSON if it ends in .json
};

struct NetworkOptions {
  std::string backend = "builtin";
  LinkProperties link;           ///< network.loss, network.latency, network.bandwidth
  std::optional<Duration> step;  ///< network.step: none is "drain"
  bool autonet = false;          ///< a full nstep after each command that it follows
};

struct DataOptions {
  std::string name = "mnist";
  std::string path;          ///< folder with the files under their usual names; empty: search
  std::string pool = "all";  ///< what is dealt: "all", or the "train"ing part only
  double test_fraction = 0.15;
  // `blobs`, a synthetic data set for tests and first steps without files:
  std::size_t samples = 2000;  ///< examples in all
  std::size_t features = 16;
  std::size_t classes = 4;
  double spread = 1.0;  ///< standard deviation of a class around its centre
};

struct PartitionOptions {
  std::string name = "iid";
  std::optional<std::size_t> samples_per_node;  ///< deal count * this in total; none: everything
  std::vector<std::size_t> partition_sizes;     ///< `size`, `label-sorted`: examples of each node
  double alpha = 0.5;                           ///< `dirichlet`: concentration
  std::size_t min_partition_size = 10;  ///< `dirichlet`: redraw until every node has this many
  bool self_balancing = false;          ///< `dirichlet`: a node at the average size gets no more
  std::size_t num_classes_per_partition = 2;  ///< `pathological`
  /// `pathological`: "random", "deterministic" or "first-deterministic"
  std::string class_assignment_mode = "random";
  std::size_t num_shards_per_partition = 2;  ///< `shard`
  std::optional<std::size_t> shard_size;     ///< `shard`: none: all examples are used
  double weight = 0.5;                       ///< `label-sorted`: share of the pool that is sorted
};

struct ModelOptions {
  std::string name = "mlp";
  std::string learner = "dense";
  std::vector<std::size_t> hidden = {32};  ///< `mlp`: widths of the hidden layers
  std::string activation = "relu";         ///< `mlp`: "relu" or "tanh"
  double dropout = 0.2;                    ///< `mlp`: after each hidden layer
  std::string init = "common";             ///< "common": one initial row for all; "per-node"
};

struct TrainingOptions {
  std::string optimizer = "adam";  ///< "adam" or "sgd"
  double lr = 0.001;
  double momentum = 0;
  double weight_decay = 0;
  std::size_t batch_size = 128;
  std::size_t epochs = 5;
  std::size_t threads = 0;  ///< 0: all cores; no result depends on it
};

struct AggregationOptions {
  std::string name = "encounter";
  std::uint32_t expiry = 3;   ///< aggregations that a record of the guestbook serves
  double rate = 1.0;          ///< communal learning rate
  double trim = 0.1;          ///< `trimmed-mean`: share cut at each end
  std::size_t byzantine = 1;  ///< `krum`: attackers to withstand
};

struct MobilityOptions {
  std::string name = "still";
};

struct Scenario {
  std::uint64_t seed = 7;
  NodesOptions nodes;
  TopologyOptions topology;
  NetworkOptions network;
  DataOptions data;
  PartitionOptions partition;
  ModelOptions model;
  TrainingOptions training;
  AggregationOptions aggregation;
  MobilityOptions mobility;
  bool portable = false;  ///< --portable: baseline kernels only
  /// groups.NAME = [selectors], in the order written; selectors are resolved when the run starts.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
};

}  // namespace delstep
