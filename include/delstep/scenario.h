#pragma once
/// Everything a run starts from, as plain data. A Scenario has one struct per section of a scenario
/// file, and one field per key: `scenario.training.lr` is `lr` under `[training]` in TOML, and
/// `training.lr=0.01` on the command line. The default values describe the shipped scenario
/// "mnist-12": twelve nodes that learn handwritten digits.
///
/// A program that uses the library fills in a Scenario itself and gives it to Simulation::Create,
/// which checks it. The limits given here are those of the table of keys (src/scenario/keys.cc),
/// from which the reference page is made. Fields whose comment begins with a name, such as
/// `regular`, count only if that name was chosen; otherwise their values do not matter.
///
/// Names that are written `like-this` and chosen in a field called `name` (also `backend` and
/// `learner`) come from the Registry (registry.h), so parts of your own can be chosen here too.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

/// The nodes at the start. More can join during a run.
struct NodesOptions {
  /// How many, 1 to 1,000,000.
  std::size_t count = 12;
  /// Addresses of the first nodes, all different; at most `count`. The others get the lowest free
  /// ones of 10.0.0.1, 10.0.0.2, ...
  std::vector<Address> addresses;
  /// Names of the first nodes, all different; at most `count`. A node with a name still has its
  /// address, and either can be used in commands.
  std::vector<std::string> names;
  /// False: nobody chose `count`, and a topology that brings nodes of its own (a file) decides how
  /// many there are.
  bool count_given = true;
};

/// The graph of who is whose neighbour at the start. Random graphs follow from `seed`.
struct TopologyOptions {
  /// - `full`: every pair; `ring`, `star`, `line`; `grid`, `torus`: as square as possible.
  /// - `regular`: drawn at random among the graphs in which each node has `degree` neighbours.
  /// - `small-world`: Watts and Strogatz 1998; `scale-free`: Barabasi and Albert 1999.
  /// - `random`: each pair independently with probability `p` (Gilbert 1959; often called
  ///   Erdos-Renyi).
  /// - `geometric`: nodes at random places, neighbours within `radius` (Gilbert 1961).
  /// - `file`: read from a file.
  std::string name = "full";
  /// `regular`: neighbours of each node; less than the number of nodes, and even if that is odd.
  std::uint32_t degree = 4;
  /// `small-world`: neighbours of each node in the ring before rewiring; even, and less than the
  /// number of nodes.
  std::uint32_t k = 4;
  /// `small-world`: probability that an edge is rewired; `random`: probability of an edge. 0 to 1.
  double p = 0.1;
  /// `scale-free`: edges that each new node brings; from 1, and less than the number of nodes.
  std::uint32_t m = 2;
  /// `geometric`: the radio range, where the field is the unit square. Above 0.
  double radius = 0.35;
  /// `file`: an edge list, or node-link JSON (.json), GraphML (.graphml) or GML (.gml).
  std::string file;
};

/// What carries the messages.
struct NetworkOptions {
  /// `builtin`: discrete events in simulated time.
  std::string backend = "builtin";
  /// What every link is like at the start: network.loss, network.latency and network.bandwidth. By
  /// default nothing is lost and nothing takes time. Single links can be changed in a run.
  LinkProperties link;
  /// How far `nstep` moves the clock. Nothing stands for "drain": until no message is on its way.
  std::optional<Duration> step;
  /// Whether a full `nstep` follows each command that learns, sends or changes the network.
  bool autonet = false;
};

/// The examples to learn from.
struct DataOptions {
  /// - `mnist`, `fashion-mnist`, `emnist`, `cifar-10`, `cifar-100`: their files must be there.
  /// - `npz`, `csv`, `leaf`, `images`, `text`: your own data, in `path`.
  /// - `blobs`: made on the spot, for tests and first steps without files.
  /// - `module`: what a C++ learning module brings.
  std::string name = "mnist";
  /// The folder with the files under their usual names. Empty: `$DELSTEP_DATA`, then the folder of
  /// the set-up. For your own data, the file or folder itself.
  std::string path;
  /// "all": the training and the test part are dealt to the nodes together. "train": only the
  /// training part is dealt, and the test part serves `test` without a scope.
  std::string pool = "all";
  /// Share of its examples that each node holds out for its own tests, from 0 to below 1.
  double test_fraction = 0.15;
  /// `emnist`: "balanced", "byclass", "bymerge", "letters", "digits" or "mnist".
  std::string split = "balanced";
  /// `cifar-100`: whether to learn the 20 superclasses instead of the 100 classes.
  bool coarse = false;
  /// What features are divided by. "auto": bytes by 255, all other numbers by nothing. "none": by
  /// nothing. Else a number other than 0, such as "255" for pixels that were saved as integers.
  std::string scale = "auto";
  /// `csv`: the name of the column with the class. In a file without a header, the number of the
  /// column: from 0, or -1 for the last one, -2 for the one before it.
  std::string label = "label";
  /// `csv`: whether the first line names the columns. "true": it does. "false": it is a record.
  /// "auto": it does, and a first line of numbers alone is refused, as it may be a record.
  std::string header = "auto";
  /// `images`: pictures are scaled to squares of this many pixels a side, 1 to 4096.
  std::size_t image_size = 32;
  /// `text`: whether a token is a "char" or a "word".
  std::string unit = "char";
  /// `text`: tokens in an example; its label is the token that follows. From 1.
  std::size_t sequence = 80;
  /// `text`: tokens from the beginning of one example to the beginning of the next. From 1. Below
  /// `sequence`, examples overlap.
  std::size_t stride = 16;
  /// `text`: how many of the most frequent tokens have a number of their own; the rest share one.
  /// From 2.
  std::size_t vocabulary = 10'000;

  // `blobs`: one Gaussian cloud of points per class, each around a centre that is drawn at random.

  /// Examples in total, from 1.
  std::size_t samples = 2000;
  /// Numbers per example, from 1.
  std::size_t features = 16;
  /// Number of classes, from 1.
  std::size_t classes = 4;
  /// Standard deviation of a class around its centre, from 0. The larger, the harder.
  double spread = 1.0;
};

/// How the examples are dealt to the nodes. Names and parameters are those of Flower Datasets; the
/// exact rules are in src/data/partitioners.h.
struct PartitionOptions {
  /// - `iid`: at random, in equal numbers. `size`, `linear`, `square`, `exponential`: at random, in
  ///   unequal numbers.
  /// - `dirichlet`: unequal classes, by shares ~ Dirichlet(alpha) (Yurochkin et al. 2019; Hsu et
  ///   al. 2019).
  /// - `pathological`: few classes per node (Li et al. 2022). `shard`: few runs of the examples
  ///   sorted by class (McMahan et al. 2017). `label-sorted`: partly sorted by class.
  /// - `natural-id`: by who wrote an example, where the data set says so.
  std::string name = "iid";
  /// Deal `nodes.count` times this many examples in total, from 1. Nothing: deal all of them.
  /// Examples that remain go to nodes that join later.
  std::optional<std::size_t> samples_per_node;
  /// `size`: how many examples each node gets, in order. `label-sorted`: the same, or empty for
  /// equal numbers.
  std::vector<std::size_t> partition_sizes;
  /// `dirichlet`: the concentration, above 0. Near 0 a node has few classes; the larger, the more
  /// alike nodes are.
  double alpha = 0.5;
  /// `dirichlet`: everything is drawn again until each node has at least this many examples.
  std::size_t min_partition_size = 10;
  /// `dirichlet`: whether a node that has reached the average size gets no more.
  bool self_balancing = false;
  /// `pathological`: classes of each node, from 1.
  std::size_t num_classes_per_partition = 2;
  /// `pathological`: which classes: "random", "deterministic" (in turn) or "first-deterministic"
  /// (the first in turn, the others at random).
  std::string class_assignment_mode = "random";
  /// `shard`: shards of each node, from 1.
  std::size_t num_shards_per_partition = 2;
  /// `shard`: examples of a shard, from 1. Nothing: as many as use up all examples.
  std::optional<std::size_t> shard_size;
  /// `label-sorted`: share of the pool that is sorted, 0 to 1. The rest is dealt at random.
  double weight = 0.5;
};

/// The model that every node trains. All nodes have the same one, each with its own parameters.
struct ModelOptions {
  /// - `mlp`: a multilayer perceptron; `logreg`: logistic regression.
  /// - `cnn`, `lenet` (LeCun et al. 1998), `resnet20` (He et al. 2016), `lstm`: need LibTorch.
  /// - `module`, `torchscript`, `tensorflow`: your own, in `file`.
  std::string name = "mlp";
  /// What computes it: `dense` (plain C++), `torch`, `tensorflow`; `auto` is the fastest that can
  /// do the model.
  std::string learner = "auto";
  /// `module`: a C++ file; `torchscript`: what torch.jit.save wrote; `tensorflow`: the folder of a
  /// SavedModel.
  std::string file;
  /// Initial parameters from a file: .safetensors, .npz or .pt. Empty: they are drawn.
  std::string weights;
  /// `mlp`: widths of the hidden layers, each from 1. Empty: none, as `logreg`.
  std::vector<std::size_t> hidden = {32};
  /// `mlp`: what follows each hidden layer, "relu" or "tanh".
  std::string activation = "relu";
  /// `mlp`: share of each hidden layer that is dropped in training, from 0 to below 1.
  double dropout = 0.2;
  /// `lstm`: numbers that stand for a token, 1 to 65536.
  std::size_t embedding = 8;
  /// `lstm`: width of each recurrent layer, 1 to 65536.
  std::size_t units = 128;
  /// `lstm`: recurrent layers, 1 to 64.
  std::size_t layers = 2;
  /// "common": all nodes start from the same parameters. "per-node": each from its own.
  std::string init = "common";
};

/// How a node trains. One `train` is `epochs` passes over the node's training examples (or
/// `local_steps` mini-batches). "The t-th train" below counts the `train`s of a node from 0.
struct TrainingOptions {
  /// "adam" (Kingma and Ba 2015), "adamw" (Loshchilov and Hutter 2019), "sgd" or "rmsprop"
  /// (Tieleman and Hinton 2012), with the other constants as in PyTorch.
  std::string optimizer = "adam";
  /// The learning rate, from 0.
  double lr = 0.001;
  /// How the rate changes with t, as in torch.optim.lr_scheduler: "constant"; "step": times
  /// lr_gamma after every lr_step `train`s; "exponential": times lr_gamma after each; "cosine":
  /// down to lr_min in lr_total `train`s along half a cosine (Loshchilov and Hutter 2017).
  std::string lr_schedule = "constant";
  double lr_gamma = 0.5;       ///< "step", "exponential": the factor, 0 to 1
  std::size_t lr_step = 10;    ///< "step": `train`s between two changes, from 1
  std::size_t lr_total = 100;  ///< "cosine": `train`s until lr_min is reached, from 1
  /// No schedule goes below it. From 0.
  double lr_min = 0;
  /// Over this many first `train`s the rate rises linearly. 0: no warm-up.
  std::size_t lr_warmup = 0;
  /// `sgd`, `rmsprop`: from 0 to below 1.
  double momentum = 0;
  /// This times the parameters is added to the gradients (L2 regularization); with `adamw` each
  /// step instead takes lr times this off the parameters. From 0.
  double weight_decay = 0;
  /// Examples of a mini-batch, from 1. The last one of an epoch may be smaller.
  std::size_t batch_size = 128;
  /// Passes over the node's training examples in one `train`, from 1.
  std::size_t epochs = 5;
  /// Above 0: one `train` is this many mini-batches instead, whatever `epochs` says.
  std::size_t local_steps = 0;
  /// Above 0: gradients whose norm is larger are scaled down to it.
  double clip_norm = 0;
  /// FedProx (Li et al. 2020): this times the distance to the model of the last aggregation is
  /// added to the gradients. 0: none.
  double proximal_mu = 0;
  /// Threads that compute, up to 4096; 0: one per core. No result depends on it.
  std::size_t threads = 0;
  /// No key of a file: the keys of this section that somebody has set, "training.lr" among them. A
  /// model that brings an optimizer of its own keeps its own learning rate unless "training.lr" is
  /// here, so a default never overrides what a model brings. Other models do not look at it.
  std::set<std::string, std::less<>> chosen;
};

/// A value that only some nodes have from the start: `lr = 0.01` under `[training.at."@slow"]`.
struct NodeValue {
  std::string nodes;  ///< selectors with blanks between them: "@slow 10.0.0.[1-3] ann"
  std::string key;    ///< "training.lr"; one of Simulation::NodeKeys()
  std::string value;  ///< as TOML
};

/// How a node makes one model of its own and those that it has received, with `ag`.
struct AggregationOptions {
  /// The rule; src/aggregation/rules.h has the formulas.
  /// - `encounter`: mean over the records of the guestbook, weighted by numbers of examples.
  /// - `fedavg`: the same over the inbox (McMahan et al. 2017). `dpsgd`: with Metropolis-Hastings
  ///   weights (Lian et al. 2017; Xiao and Boyd 2004).
  /// - `median`, `trimmed-mean` (Yin et al. 2018), `krum` (Blanchard et al. 2017): robust to peers
  ///   that send anything.
  /// - a name that ends in .cpp: a rule of your own in that C++ file (aggregator_module.h).
  std::string name = "encounter";
  /// How many aggregations a record of the guestbook serves before it is forgotten. From 1.
  std::uint32_t expiry = 3;
  /// The communal learning rate, 0 to 1: a node's new model is (1 - rate) * own + rate * result.
  double rate = 1.0;
  /// `trimmed-mean`: share of the values that is cut at each end, from 0 to below 0.5.
  double trim = 0.1;
  /// `krum`: how many attackers to withstand, f; needs 2 f + 3 models.
  std::size_t byzantine = 1;
  /// What is sent: "parameters"; "deltas", their change since the last aggregation; "gradients",
  /// that change divided by minus the learning rate.
  std::string share = "parameters";
};

/// What is done to a model before it is sent. src/compression/compressors.h has the formulas.
struct CompressionOptions {
  /// - `none`: 4 bytes per parameter.
  /// - `top-k` (Aji and Heafield 2017), `random-k` (Stich et al. 2018): few of the parameters.
  /// - `int8`: a byte per parameter. `stochastic`: a few bits per parameter, rounded at random
  ///   (QSGD, Alistarh et al. 2017).
  std::string name = "none";
  /// `top-k`, `random-k`: share of the parameters that is sent; above 0, up to 1.
  double ratio = 0.01;
  /// `stochastic`: bits per parameter, its sign among them; 2 to 16.
  std::size_t bits = 4;
  /// Whether what compression leaves out is added to what the node sends next (Stich et al. 2018;
  /// for parameters, CHOCO-SGD of Koloskova et al. 2019).
  bool error_feedback = true;
};

/// Where nodes are, for the `geometric` topology.
struct MobilityOptions {
  /// `still`: at random places in the unit square.
  std::string name = "still";
};

/// What a run keeps of its past. No result depends on it.
struct HistoryOptions {
  /// Whether `why` can tell where a model comes from. "true"; "false"; "auto": up to 2,000 nodes at
  /// the start, as lists of who is in whose model grow with the square of their number.
  std::string why = "auto";
  /// Bytes that moments to go back to may take; the oldest go first. Nothing: a quarter of the
  /// memory of the machine.
  std::optional<Bytes> memory;
};

/// A whole experiment, before it starts. Equal scenarios and equal commands give equal runs.
struct Scenario {
  /// Everything random in a run follows from it. Scenario files allow 0 to 2^63 - 1.
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
  HistoryOptions history;
  /// Whether to use only the arithmetic that every machine has, so that results repeat bit by bit
  /// on other machines. It is slower.
  bool portable = false;
  /// Groups of nodes at the start: `groups.NAME = [selectors]`, in the order written. A selector is
  /// an address, a name, a range "10.0.0.[1-4]", or another group "@west".
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  /// Values of single nodes: `training.at.SELECTORS.KEY = value`, in the order written; a later one
  /// wins. Like groups, they are left to the caller of Simulation::Create, who knows selectors.
  std::vector<NodeValue> node_values;
};

}  // namespace delstep
