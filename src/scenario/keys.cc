#include "scenario/keys.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "scenario/key_kinds.h"
#include "scenario/units.h"

namespace delstep {
namespace {

using Ends = RealRange::Ends;
using Rows = std::vector<Key>;

// What one process can hold, with room to spare; a slip of the keyboard must not ask for terabytes.
constexpr std::uint64_t kMostNodes = 1'000'000;
constexpr std::uint64_t kMostExamples = 1'000'000'000;
// TOML has no larger integers.
constexpr std::uint64_t kMostSeed = 9'223'372'036'854'775'807;
constexpr double kLarge = 1e6;

#define FIELD(path) \
  [](auto& s) -> auto& { return s.path; }

Result<Address> AddressOf(std::string_view text) {
  if (const auto address = ParseAddress(text)) return *address;
  return UsageError("not an address");
}

Result<std::optional<Duration>> StepOf(std::string_view text) {
  if (text == "drain") return std::optional<Duration>();
  DELSTEP_ASSIGN(const Duration step, ParseDuration(text));
  return std::optional<Duration>(step);
}

std::string StepText(const std::optional<Duration>& step) {
  return step ? DurationText(*step) : "drain";
}

void AddRun(Rows& rows) {
  rows.push_back(
      IntegerKey("seed", "Everything random in a run follows from it.", 0, kMostSeed, FIELD(seed)));
  rows.push_back(BoolKey("portable",
                         "Use baseline kernels only, so that results repeat on every machine.",
                         FIELD(portable)));
}

void AddNodes(Rows& rows) {
  rows.push_back(IntegerKey("nodes.count", "Number of nodes at the start.", 1, kMostNodes,
                            FIELD(nodes.count)));
  rows.push_back(ParsedListKey(
      "nodes.addresses", "Addresses of the first nodes; the others get 10.0.0.1, 10.0.0.2, ...",
      "list of addresses", "a list of addresses such as 10.0.0.1, the last octet from 1 to 254",
      AddressOf, [](Address address) { return ToString(address); }, FIELD(nodes.addresses)));
  rows.push_back(TextsKey("nodes.names", "Names of the first nodes, next to their addresses.",
                          "list of names", "a list of names such as [\"anna\", \"ben\"]",
                          FIELD(nodes.names)));
}

void AddTopology(Rows& rows) {
  rows.push_back(ChoiceKey("topology.name", "Who is whose neighbour at the start.",
                           {"full", "ring", "star", "line", "grid", "torus", "regular",
                            "small-world", "scale-free", "random", "geometric", "file"},
                           FIELD(topology.name)));
  rows.push_back(IntegerKey("topology.degree", "`regular`: neighbours of each node.", 0, kMostNodes,
                            FIELD(topology.degree)));
  rows.push_back(IntegerKey(
      "topology.k", "`small-world`: neighbours of each node in the ring before rewiring; even.", 2,
      kMostNodes, FIELD(topology.k)));
  rows.push_back(RealKey("topology.p",
                         "`small-world`: probability to rewire an edge; `random`: of each edge.",
                         {0, 1}, FIELD(topology.p)));
  rows.push_back(IntegerKey("topology.m", "`scale-free`: edges that each new node brings.", 1,
                            kMostNodes, FIELD(topology.m)));
  rows.push_back(RealKey("topology.radius",
                         "`geometric`: radio range, in sides of the unit square.",
                         {0, kLarge, Ends::kOpen}, FIELD(topology.radius)));
  rows.push_back(
      TextKey("topology.file",
              "`file`: an edge list, or node-link JSON where the name ends in .json; in a "
              "scenario file, looked up beside it first.",
              FIELD(topology.file)));
}

void AddNetwork(Rows& rows) {
  rows.push_back(ChoiceKey("network.backend", "What carries the messages.",
                           {"builtin", "ns3", "mininet"}, FIELD(network.backend)));
  rows.push_back(RealKey("network.loss", "Probability that a link loses a message.", {0, 1},
                         FIELD(network.link.loss)));
  rows.push_back(
      ParsedKey("network.latency", "How long a message travels, drawn for each one.", "latency",
                "a latency such as 20ms, uniform(10ms,50ms), normal(20ms,5ms) or exponential(20ms)",
                ParseLatency, LatencyText, FIELD(network.link.latency)));
  rows.push_back(
      ParsedKey("network.bandwidth", "Bits per second of a link; messages queue behind each other.",
                "bandwidth", "a bandwidth from 1bps to 1000000Gbps such as 10Mbps, or inf",
                ParseBandwidth, BandwidthText, FIELD(network.link.bandwidth)));
  rows.push_back(ParsedKey(
      "network.step", "How far `nstep` moves the clock; \"drain\": until nothing is in flight.",
      "duration or \"drain\"", "a duration from 0ns to 1000000s such as 100ms, or \"drain\"",
      StepOf, StepText, FIELD(network.step)));
  rows.push_back(
      BoolKey("network.autonet",
              "A full `nstep` after each command that learns, sends or changes the network.",
              FIELD(network.autonet)));
}

void AddData(Rows& rows) {
  rows.push_back(ChoiceKey("data.name", "The data set.",
                           {"mnist", "fashion-mnist", "blobs", "emnist", "cifar-10", "cifar-100",
                            "npz", "csv", "leaf", "images", "text", "module"},
                           FIELD(data.name)));
  rows.push_back(TextKey(
      "data.path",
      "The folder that holds the files under their usual names; \"\": `$DELSTEP_DATA`, then the "
      "place that the set-up recorded. For `npz`, `csv`, `leaf`, `images` and `text` the file or "
      "folder itself.",
      FIELD(data.path)));
  rows.push_back(ChoiceKey("data.pool",
                           "`all`: training and test part are dealt; `train`: the training part "
                           "only, and the test part is for `test` without a scope.",
                           {"all", "train"}, FIELD(data.pool)));
  rows.push_back(RealKey("data.test_fraction", "Share of its samples that a node holds out.",
                         {0, 1, Ends::kHalfOpen}, FIELD(data.test_fraction)));
  rows.push_back(ChoiceKey("data.split", "`emnist`: which of its sets.",
                           {"balanced", "byclass", "bymerge", "letters", "digits", "mnist"},
                           FIELD(data.split)));
  rows.push_back(
      BoolKey("data.coarse", "`cifar-100`: the 20 superclasses are learnt.", FIELD(data.coarse)));
  rows.push_back(TextKey("data.label", "`csv`: the column with the class.", FIELD(data.label)));
  rows.push_back(IntegerKey("data.image_size",
                            "`images`: pixels of a side that they are scaled to.", 1, 4096,
                            FIELD(data.image_size)));
  rows.push_back(
      ChoiceKey("data.unit", "`text`: what a token is.", {"char", "word"}, FIELD(data.unit)));
  rows.push_back(IntegerKey("data.sequence", "`text`: tokens before the one to predict.", 1,
                            1'000'000, FIELD(data.sequence)));
  rows.push_back(IntegerKey("data.stride",
                            "`text`: tokens from the beginning of an example to that of the next.",
                            1, 1'000'000, FIELD(data.stride)));
  rows.push_back(IntegerKey("data.vocabulary",
                            "`text`: how many of the most frequent tokens are told apart.", 2,
                            10'000'000, FIELD(data.vocabulary)));
  rows.push_back(IntegerKey("data.samples", "`blobs`: examples in all.", 1, kMostExamples,
                            FIELD(data.samples)));
  rows.push_back(IntegerKey("data.features", "`blobs`: numbers of an example.", 1, 1'000'000,
                            FIELD(data.features)));
  rows.push_back(
      IntegerKey("data.classes", "`blobs`: classes.", 1, 1'000'000, FIELD(data.classes)));
  rows.push_back(RealKey("data.spread", "`blobs`: standard deviation of a class around its centre.",
                         {0, kLarge}, FIELD(data.spread)));
}

void AddPartition(Rows& rows) {
  rows.push_back(ChoiceKey("partition.name", "How the data are dealt to the nodes.",
                           {"iid", "dirichlet", "pathological", "shard", "size", "linear", "square",
                            "exponential", "natural-id", "label-sorted"},
                           FIELD(partition.name)));
  rows.push_back(IntegerOrAllKey("partition.samples_per_node",
                                 "Deals this many for each node in total; \"all\": everything.", 1,
                                 kMostExamples, FIELD(partition.samples_per_node)));
  rows.push_back(IntegersKey("partition.partition_sizes",
                             "`size`, `label-sorted`: examples of each node, in order.", 0,
                             kMostExamples, FIELD(partition.partition_sizes)));
  rows.push_back(RealKey("partition.alpha",
                         "`dirichlet`: concentration; the smaller, the fewer classes a node has.",
                         {0, kLarge, Ends::kOpen}, FIELD(partition.alpha)));
  rows.push_back(IntegerKey("partition.min_partition_size",
                            "`dirichlet`: redrawn until every node has this many.", 0,
                            kMostExamples, FIELD(partition.min_partition_size)));
  rows.push_back(BoolKey("partition.self_balancing",
                         "`dirichlet`: a node that has reached the average size gets no more.",
                         FIELD(partition.self_balancing)));
  rows.push_back(IntegerKey("partition.num_classes_per_partition",
                            "`pathological`: classes of each node.", 1, 1'000'000,
                            FIELD(partition.num_classes_per_partition)));
  rows.push_back(ChoiceKey(
      "partition.class_assignment_mode", "`pathological`: how classes are given to nodes.",
      {"random", "deterministic", "first-deterministic"}, FIELD(partition.class_assignment_mode)));
  rows.push_back(IntegerKey("partition.num_shards_per_partition", "`shard`: shards of each node.",
                            1, kMostExamples, FIELD(partition.num_shards_per_partition)));
  rows.push_back(IntegerOrAllKey(
      "partition.shard_size", "`shard`: examples of a shard; \"all\": so that everything is dealt.",
      1, kMostExamples, FIELD(partition.shard_size)));
  rows.push_back(RealKey("partition.weight",
                         "`label-sorted`: share of the pool that is sorted by label.", {0, 1},
                         FIELD(partition.weight)));
}

void AddModel(Rows& rows) {
  rows.push_back(ChoiceKey(
      "model.name", "The model that every node trains.",
      {"mlp", "logreg", "cnn", "lenet", "resnet20", "lstm", "module", "torchscript", "tensorflow"},
      FIELD(model.name)));
  rows.push_back(ChoiceKey("model.learner",
                           "What computes it; `auto`: the fastest that can do the model.",
                           {"auto", "dense", "torch", "tensorflow"}, FIELD(model.learner)));
  rows.push_back(TextKey("model.file",
                         "`module`: a C++ file; `torchscript`: what torch.jit.save wrote; "
                         "`tensorflow`: the folder of a SavedModel.",
                         FIELD(model.file)));
  rows.push_back(TextKey("model.weights",
                         "Initial parameters from a file (.safetensors, .npz, .pt); \"\": drawn.",
                         FIELD(model.weights)));
  rows.push_back(IntegersKey("model.hidden", "`mlp`: widths of the hidden layers.", 1, 1'000'000,
                             FIELD(model.hidden)));
  rows.push_back(ChoiceKey("model.activation", "`mlp`: after each hidden layer.", {"relu", "tanh"},
                           FIELD(model.activation)));
  rows.push_back(RealKey("model.dropout",
                         "`mlp`: share of a hidden layer that is dropped in training.",
                         {0, 1, Ends::kHalfOpen}, FIELD(model.dropout)));
  rows.push_back(IntegerKey("model.embedding", "`lstm`: numbers that stand for a token.", 1, 65536,
                            FIELD(model.embedding)));
  rows.push_back(IntegerKey("model.units", "`lstm`: width of a recurrent layer.", 1, 65536,
                            FIELD(model.units)));
  rows.push_back(
      IntegerKey("model.layers", "`lstm`: recurrent layers.", 1, 64, FIELD(model.layers)));
  rows.push_back(ChoiceKey("model.init",
                           "`common`: all nodes start from the same parameters; `per-node`: each "
                           "from its own.",
                           {"common", "per-node"}, FIELD(model.init)));
}

void AddTraining(Rows& rows) {
  rows.push_back(ChoiceKey("training.optimizer", "How gradients move the parameters.",
                           {"adam", "sgd", "rmsprop"}, FIELD(training.optimizer)));
  rows.push_back(RealKey("training.lr", "Learning rate.", {0, kLarge}, FIELD(training.lr)));
  rows.push_back(ChoiceKey("training.lr_schedule",
                           "How the learning rate changes from one `train` of a node to the next.",
                           {"constant", "step", "exponential", "cosine"},
                           FIELD(training.lr_schedule)));
  rows.push_back(RealKey("training.lr_gamma",
                         "`step`: factor after each lr_step `train`s; `exponential`: after each.",
                         {0, 1}, FIELD(training.lr_gamma)));
  rows.push_back(IntegerKey("training.lr_step", "`step`: `train`s between two changes.", 1,
                            1'000'000'000, FIELD(training.lr_step)));
  rows.push_back(IntegerKey("training.lr_total", "`cosine`: `train`s until lr_min is reached.", 1,
                            1'000'000'000, FIELD(training.lr_total)));
  rows.push_back(RealKey("training.lr_min", "No schedule goes below it.", {0, kLarge},
                         FIELD(training.lr_min)));
  rows.push_back(IntegerKey("training.lr_warmup",
                            "Over this many `train`s the rate first rises linearly.", 0,
                            1'000'000'000, FIELD(training.lr_warmup)));
  rows.push_back(RealKey("training.momentum", "`sgd`, `rmsprop`: momentum.",
                         {0, 1, Ends::kHalfOpen}, FIELD(training.momentum)));
  rows.push_back(RealKey("training.weight_decay", "Pull of the parameters towards 0 (L2).",
                         {0, kLarge}, FIELD(training.weight_decay)));
  rows.push_back(IntegerKey("training.batch_size",
                            "Examples of a mini-batch; the last one of an epoch may be smaller.", 1,
                            kMostExamples, FIELD(training.batch_size)));
  rows.push_back(IntegerKey("training.epochs",
                            "Passes over the node's training part in one `train`.", 1, 1'000'000,
                            FIELD(training.epochs)));
  rows.push_back(IntegerKey("training.local_steps",
                            "Above 0: mini-batches of one `train`, instead of epochs.", 0,
                            1'000'000'000, FIELD(training.local_steps)));
  rows.push_back(RealKey("training.clip_norm",
                         "Above 0: a gradient of a larger norm is scaled down to it.", {0, kLarge},
                         FIELD(training.clip_norm)));
  rows.push_back(RealKey("training.proximal_mu",
                         "FedProx: pull of the parameters to those of the last aggregation.",
                         {0, kLarge}, FIELD(training.proximal_mu)));
  rows.push_back(IntegerKey("training.threads",
                            "Threads that work; 0: one for each core. No result depends on it.", 0,
                            4096, FIELD(training.threads)));
}

void AddAggregation(Rows& rows) {
  rows.push_back(ChoiceKey("aggregation.name", "The rule by which received models are merged.",
                           {"encounter", "fedavg", "dpsgd", "median", "trimmed-mean", "krum"},
                           FIELD(aggregation.name)));
  rows.push_back(IntegerKey("aggregation.expiry",
                            "Aggregations that a record of the guestbook serves.", 1, 1'000'000'000,
                            FIELD(aggregation.expiry)));
  rows.push_back(RealKey("aggregation.rate",
                         "Communal learning rate: 0 keeps the own model, 1 takes the average.",
                         {0, 1}, FIELD(aggregation.rate)));
  rows.push_back(RealKey("aggregation.trim", "`trimmed-mean`: share that is cut at each end.",
                         {0, 0.5, Ends::kHalfOpen}, FIELD(aggregation.trim)));
  rows.push_back(IntegerKey("aggregation.byzantine", "`krum`: attackers to withstand.", 0,
                            kMostNodes, FIELD(aggregation.byzantine)));
  rows.push_back(ChoiceKey("aggregation.share",
                           "What is sent: the parameters, or their change since the last "
                           "aggregation (`gradients`: divided by minus the learning rate).",
                           {"parameters", "deltas", "gradients"}, FIELD(aggregation.share)));
}

void AddCompression(Rows& rows) {
  rows.push_back(ChoiceKey("compression.name", "What is done to a model before it is sent.",
                           {"none", "top-k", "random-k", "int8", "stochastic"},
                           FIELD(compression.name)));
  rows.push_back(RealKey("compression.ratio",
                         "`top-k`, `random-k`: share of the parameters that is sent.",
                         {0, 1, Ends::kOpenBelow}, FIELD(compression.ratio)));
  rows.push_back(IntegerKey("compression.bits",
                            "`stochastic`: bits of a parameter, its sign among them.", 2, 16,
                            FIELD(compression.bits)));
  rows.push_back(BoolKey("compression.error_feedback",
                         "What compression leaves out is added to what is sent next.",
                         FIELD(compression.error_feedback)));
}

void AddMobility(Rows& rows) {
  rows.push_back(ChoiceKey("mobility.name", "How nodes move.",
                           {"still", "random-waypoint", "gauss-markov", "trace"},
                           FIELD(mobility.name)));
}

#undef FIELD

Rows MakeRows() {
  Rows rows;
  for (const auto add : {AddRun, AddNodes, AddTopology, AddNetwork, AddData, AddPartition, AddModel,
                         AddTraining, AddAggregation, AddCompression, AddMobility})
    add(rows);
  for (Key& key : rows) {
    const std::string_view section = std::string_view(key.name).substr(0, key.name.find('.'));
    key.settable = (section == "training" || section == "aggregation" || section == "compression" ||
                    section == "network") &&
                   key.name != "network.backend" && key.name != "aggregation.share";
  }
  return rows;
}

}  // namespace

std::span<const Key> Keys() {
  static const Rows kRows = MakeRows();
  return kRows;
}

}  // namespace delstep
