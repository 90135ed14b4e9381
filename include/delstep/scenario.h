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
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "delstep/distribution.h"
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
  /// - `radio`: neighbours are nodes in range of each other, while they move; see RadioOptions.
  /// - `contacts`: neighbours are who is in contact, by a file of contacts.
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
  /// `geometric`: the radio range, in metres if mobility.area is set; else the field is the unit
  /// square. Above 0.
  double radius = 0.35;
  /// `file`: an edge list, or node-link JSON (.json), GraphML (.graphml) or GML (.gml). `contacts`:
  /// a list `start,end,a,b` (.csv), connections of The ONE, or a list of SocioPatterns.
  std::string file;
};

/// What carries the messages.
struct NetworkOptions {
  /// - `builtin`: discrete events in simulated time.
  /// - `ns3`: packets, simulated by ns-3 in a program of its own; see Ns3Options.
  /// - `mininet`: real packets between network namespaces; see MininetOptions.
  std::string backend = "builtin";
  /// What every link is like at the start: network.loss, network.latency and network.bandwidth. By
  /// default nothing is lost and nothing takes time. Single links can be changed in a run.
  LinkProperties link;
  /// Who shares bandwidth with whom. "link": nobody, each link has its own. "uplink": all that a
  /// node sends goes through its one uplink, all that it receives through its one downlink, first
  /// in, first out. "fair": transfers share up- and downlinks, max-min fair.
  std::string sharing = "link";
  /// "uplink", "fair": bits per second of each node's up- and downlink; above 0. Nodes may have
  /// capacities of their own (compute.file).
  double up = std::numeric_limits<double>::infinity();
  double down = std::numeric_limits<double>::infinity();
  /// How far `nstep` moves the clock. Nothing stands for "drain": until no message is on its way.
  std::optional<Duration> step;
  /// Whether a full `nstep` follows each command that learns, sends or changes the network.
  bool autonet = false;
};

/// The network of ns-3 (network.backend = "ns3").
struct Ns3Options {
  /// What the nodes are connected by.
  /// - `mesh`: a private point-to-point link for each pair.
  /// - `star`: each node has one link, to a router in the middle; nodes share nothing else.
  /// - `csma`: one shared bus, as in the first Ethernets.
  /// - `wifi`: ad hoc wifi (802.11g); who hears whom follows from where nodes are and radio.range.
  std::string topology = "mesh";
  /// How models travel. "tcp": one connection for each sender and receiver; what is lost is sent
  /// again. "udp": in datagrams; a model is lost if one of them is.
  std::string transport = "tcp";
  /// Bytes of the largest packet, headers of IP included; 576 to 65535. Large ones (9000) make
  /// simulations several times as fast.
  std::uint32_t mtu = 1500;
  /// A message that has not arrived after this time is lost as `expired`; above 0.
  Duration ttl = std::chrono::seconds(60);
  /// The folder into which each interface writes what it sees, for Wireshark; empty: nothing.
  std::string pcap;
};

/// The network of Mininet (network.backend = "mininet").
struct MininetOptions {
  /// A message that has not arrived after this time is lost as `expired`; above 0.
  Duration ttl = std::chrono::seconds(60);
};

/// What a run directory (`--out`) holds besides its usual files. No result depends on it.
struct RecordingOptions {
  /// Whether metrics are written as an event file of TensorBoard too.
  bool tensorboard = false;
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
  /// What computes: "cpu"; "cuda", the first GPU of NVIDIA; or "cuda:N", from 0. LibTorch alone
  /// computes on GPUs. Results agree with those of the CPU to rounding, not in all bits.
  std::string device = "cpu";
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

/// The field that nodes move in, in metres.
struct Area {
  double width = 1, height = 1;  ///< above 0
  friend bool operator==(const Area&, const Area&) = default;
};

/// Where nodes are, and how they move. Fields that a model does not name do not matter to it.
struct MobilityOptions {
  /// - `still`: at random places, for ever; `move` puts a node elsewhere.
  /// - `random-waypoint`: from one random place to the next, with pauses; starts stationary (Navidi
  ///   and Camp 2004). `random-walk`, `random-direction`: straight for a while, then in another
  ///   direction; walls reflect. `gauss-markov`: speed and direction with memory (Liang and Haas
  ///   1999). `group`: reference point group mobility (Hong et al. 1999). `manhattan`: along
  ///   streets.
  /// - `trace`: read from `file`.
  std::string name = "still";
  /// The field. Nothing: 1000 x 1000 metres where the topology is `radio`, else the unit square.
  std::optional<Area> area;
  /// Metres per second, above 0: of each leg, or (`gauss-markov`) the mean of the speed.
  Distribution speed{.kind = Distribution::Kind::kUniform, .a = 0.5, .b = 1.5};
  /// Seconds that a node stands between two legs, from 0.
  Distribution pause{};
  /// `gauss-markov`: how much of the velocity stays in each step of a second, from 0 to 1.
  double alpha = 0.85;
  /// `random-walk`: seconds of a leg; `manhattan`: metres of a block. Above 0.
  double step = 60;
  /// `group`: nodes of a group, from 1, and how far they may be from its centre, in metres.
  std::size_t group_size = 4;
  double group_radius = 50;
  /// `trace`: the file.
  std::string file;
  /// `trace`: "ns2", "bonnmotion", "fcd" (SUMO), "one" (The ONE), "csv" (`node,t,x,y` or
  /// `id,t,lat,lon`), or "auto": by what is in the file.
  std::string format = "auto";
};

/// Who is in range, for the topology `radio`.
struct RadioOptions {
  /// Metres, above 0.
  double range = 100;
  /// "disk": everybody within `range`. "log-distance": each pair has a range of its own, as
  /// shadowing by `shadowing` dB (standard deviation) and a path loss exponent of `exponent` give
  /// it; the median pair has `range`.
  std::string model = "disk";
  double exponent = 3;
  double shadowing = 4;
};

/// How long a training takes, in simulated time.
struct ComputeOptions {
  /// Milliseconds per training example, forward and backward, drawn once for each node. 0: no time.
  Distribution ms_per_example{};
  /// Each training takes up to this share longer or shorter, drawn uniformly. 0 to below 1.
  double jitter = 0;
  /// A CSV `node,ms_per_example[,up_kbps,down_kbps]`. Empty: none.
  std::string file;
  /// What `file` held when the run read it, which the run fills in: it goes on with that, whatever
  /// becomes of the file. Null: not read.
  std::shared_ptr<const std::string> table{};
  /// What happens to the training of a node that goes offline. "pause": it goes on when the node is
  /// back. "lose": the work is lost. "continue": it goes on, and is there when the node is back.
  std::string offline = "pause";
};

/// When nodes are online.
struct ChurnOptions {
  /// - `none`: always. `sessions`: `on` and `off` take turns. `diurnal`: as many as the time of day
  ///   has online. `trace`: read from `file`.
  std::string name = "none";
  /// `sessions`: seconds online and offline, above 0.
  Distribution on{.kind = Distribution::Kind::kExponential, .a = 1800};
  Distribution off{.kind = Distribution::Kind::kExponential, .a = 1800};
  /// `diurnal`: the least and the greatest share of nodes online, 0 to 1, and how long a day is.
  double min = 0.15, max = 0.8;
  Duration period = std::chrono::hours(1);
  /// `trace`: a CSV `node,from,to`, in seconds online.
  std::string file;
  std::shared_ptr<const std::string> table{};  ///< as in ComputeOptions
};

/// What nodes do by themselves in `run` and `next`. Fields that a behaviour does not name do not
/// matter to it.
struct BehaviourOptions {
  /// - `none`: nothing.
  /// - `gossip` (Ormandi et al. 2013; Hegedus et al. 2021), `token` (Danner and Jelasity 2018).
  /// - `d-psgd` (Lian et al. 2017), `epidemic` (de Vos et al. 2023), `ad-psgd` (Lian et al. 2018),
  ///   `push-sum` (Assran et al. 2019).
  /// - `on-encounter`: exchanges models with whom it meets (Ochiai et al. 2022).
  std::string name = "none";
  /// From one turn of a node to the next. Above 0.
  Duration period = std::chrono::seconds(10);
  /// Each turn comes up to this much later, drawn uniformly. From 0 to a thousand periods; with
  /// more than one, turns overtake each other.
  Duration jitter{0};
  /// To how many neighbours a node sends in a turn, from 1.
  std::size_t peers = 1;
  /// `gossip`: "push", "pull" or "push-pull".
  std::string mode = "push";
  /// `gossip`, `token`: what a node does with a model that it receives. "merge-update": merges,
  /// then trains. "update-merge": trains its own, then merges. "update": trains the received
  /// one and keeps that.
  std::string update = "merge-update";
  /// `gossip`, `token`: the weights of a merge. "mean": equal. "age": by trainings in the model.
  std::string merge = "mean";
  /// `token`: "simple", "generalized" or "randomized", with `capacity` C and `reactivity` A, 1 <= A
  /// <= C.
  std::string strategy = "randomized";
  std::size_t capacity = 20, reactivity = 10;
  /// `d-psgd`, `epidemic`, `ad-psgd`: how long a node waits for others in a round. Nothing: for
  /// ever.
  std::optional<Duration> timeout;
  /// `epidemic`: whether one draw for all decides who sends to whom, so that all receive equally
  /// many.
  bool oracle = false;
  /// `on-encounter`: no second exchange with the same peer before this time.
  Duration min_gap{0};
};

/// How much a `test` may be. No result depends on it.
struct TestingOptions {
  /// How many examples the models of one `test` may go through, all together; a larger one is asked
  /// about or refused. 0: as many as there are.
  std::uint64_t limit = 1'000'000'000;
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
  Ns3Options ns3;
  MininetOptions mininet;
  DataOptions data;
  PartitionOptions partition;
  ModelOptions model;
  TrainingOptions training;
  AggregationOptions aggregation;
  CompressionOptions compression;
  MobilityOptions mobility;
  RadioOptions radio;
  ComputeOptions compute;
  ChurnOptions churn;
  BehaviourOptions behaviour;
  RecordingOptions recording;
  TestingOptions test;
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

/// The field that nodes move in: mobility.area; where nobody set it, 1000 x 1000 metres for the
/// topology `radio`, and the unit square for all others (the radius of `geometric` is in sides of
/// it then).
inline Area FieldOf(const Scenario& scenario) {
  if (scenario.mobility.area) return *scenario.mobility.area;
  return scenario.topology.name == "radio" ? Area{1000, 1000} : Area{};
}

}  // namespace delstep
