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
  /// Folder with the files under their usual names, empty: search; of what is the user's own (npz,
  /// csv, leaf, images, text) the file or folder itself.
  std::string path;
  std::string pool = "all";  ///< what is dealt: "all", or the "train"ing part only
  double test_fraction = 0.15;
  std::string split = "balanced";   ///< `emnist`: which of its six sets
  bool coarse = false;              ///< `cifar-100`: the 20 superclasses
  std::string label = "label";      ///< `csv`: name of the column with the class
  std::size_t image_size = 32;      ///< `images`: pictures are scaled to this many pixels a side
  std::string unit = "char";        ///< `text`: a token is a "char" or a "word"
  std::size_t sequence = 80;        ///< `text`: tokens before the one to predict
  std::size_t stride = 16;          ///< `text`: tokens from the start of an example to the next's
  std::size_t vocabulary = 10'000;  ///< `text`: how many of the most frequent tokens get an id
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
  std::string learner = "auto";  ///< "auto": the fastest that can do the model
  std::string file;              ///< `module`, `torchscript`, `tensorflow`: the user's model
  std::string weights;           ///< initial parameters: .safetensors, .npz or .pt; empty: drawn
  std::vector<std::size_t> hidden = {32};  ///< `mlp`: widths of the hidden layers
  std::string activation = "relu";         ///< `mlp`: "relu" or "tanh"
  double dropout = 0.2;                    ///< `mlp`: after each hidden layer
  std::size_t embedding = 8;               ///< `lstm`: numbers that stand for a token
  std::size_t units = 128;                 ///< `lstm`: width of a recurrent layer
  std::size_t layers = 2;                  ///< `lstm`: recurrent layers
  std::string init = "common";             ///< "common": one initial row for all; "per-node"
};

struct TrainingOptions {
  std::string optimizer = "adam";  ///< "adam", "sgd" or "rmsprop"
  double lr = 0.001;
  /// How the rate changes with the `train`s t of a node (0 in its first): "constant", "step",
  /// "exponential" or "cosine", as in torch.optim.lr_scheduler.
  std::string lr_schedule = "constant";
  double lr_gamma = 0.5;       ///< factor, "step": each lr_step `train`s; "exponential": each one
  std::size_t lr_step = 10;    ///< "step"
  std::size_t lr_total = 100;  ///< "cosine": `train`s until the rate has come down to lr_min
  double lr_min = 0;           ///< no schedule goes below it
  std::size_t lr_warmup = 0;   ///< the rate rises linearly over the first `train`s
  double momentum = 0;
  double weight_decay = 0;
  std::size_t batch_size = 128;
  std::size_t epochs = 5;
  std::size_t local_steps = 0;  ///< above 0: mini-batches of a `train`, instead of epochs
  double clip_norm = 0;         ///< above 0: the largest norm of a gradient
  double proximal_mu = 0;       ///< FedProx: pull to the model of the last aggregation
  std::size_t threads = 0;      ///< 0: all cores; no result depends on it
};

struct AggregationOptions {
  std::string name = "encounter";
  std::uint32_t expiry = 3;   ///< aggregations that a record of the guestbook serves
  double rate = 1.0;          ///< communal learning rate
  double trim = 0.1;          ///< `trimmed-mean`: share cut at each end
  std::size_t byzantine = 1;  ///< `krum`: attackers to withstand
  /// What is sent: "parameters"; "deltas", the change since the last aggregation; "gradients", the
  /// same divided by minus the learning rate.
  std::string share = "parameters";
};

/// What is done to a model before it is sent.
struct CompressionOptions {
  std::string name = "none";   ///< "top-k", "random-k", "int8", "stochastic"
  double ratio = 0.01;         ///< "top-k", "random-k": share of the parameters that is sent
  std::size_t bits = 4;        ///< "stochastic": bits of a parameter, its sign among them
  bool error_feedback = true;  ///< what compression leaves out is added to what is sent next
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
  CompressionOptions compression;
  MobilityOptions mobility;
  bool portable = false;  ///< --portable: baseline kernels only
  /// groups.NAME = [selectors], in the order written; selectors are resolved when the run starts.
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
};

}  // namespace delstep
