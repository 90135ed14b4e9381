#include "scenario/keys.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "delstep/registry.h"
#include "scenario/units.h"

namespace delstep {
namespace {

using Ends = RealKey::Ends;

// What one process can hold, with room to spare; a slip of the keyboard must not ask for terabytes.
constexpr std::uint64_t kMostNodes = 1'000'000;
constexpr std::uint64_t kMostExamples = 1'000'000'000;
// TOML has no larger integers.
constexpr std::uint64_t kMostSeed = 9'223'372'036'854'775'807;
/// Examples that models go through: a day on a thousand cores.
constexpr std::uint64_t kMostTested = 1'000'000'000'000'000;
constexpr std::uint64_t kMillion = 1'000'000, kBillion = 1'000'000'000;
constexpr double kLarge = 1e6;
constexpr std::uint64_t kMostDevice = 127;  // LibTorch's

template <auto parts>
PartKey::Names NamesOf(const Registry& registry) {
  PartKey::Names names{.listed = (registry.*parts).Names(), .endings = {}, .files = {}};
  for (const auto& kind : (registry.*parts).files()) {
    names.endings.push_back(kind.name);
    if (names.files.empty()) names.files = kind.sentence;
  }
  return names;
}

Result<std::optional<Duration>> StepOf(std::string_view text) {
  if (text == "drain") return std::optional<Duration>();
  DELSTEP_ASSIGN(const Duration step, ParseDuration(text));
  return std::optional<Duration>(step);
}
std::string StepText(const std::optional<Duration>& step) {
  return step ? DurationText(*step) : "drain";
}

Result<std::optional<Duration>> TimeoutOf(std::string_view text) {
  if (text == "never") return std::optional<Duration>();
  DELSTEP_ASSIGN(const Duration timeout, ParseDuration(text));
  return std::optional<Duration>(timeout);
}
std::string TimeoutText(const std::optional<Duration>& timeout) {
  return timeout ? DurationText(*timeout) : "never";
}

std::string DurationWord(const Duration& duration) { return DurationText(duration); }
/// A period: turns without time between them would never end.
Result<Duration> PeriodOf(std::string_view text) {
  DELSTEP_ASSIGN(const Duration period, ParseDuration(text));
  if (period == Duration{0}) return UsageError("0 is not allowed");
  return period;
}

Result<std::optional<Area>> AreaOf(std::string_view text) {
  if (text == "auto") return std::optional<Area>();
  DELSTEP_ASSIGN(const Area area, ParseArea(text));
  return std::optional<Area>(area);
}
std::string AreaWord(const std::optional<Area>& area) { return area ? AreaText(*area) : "auto"; }

/// A speed of 0 would make a way that never ends.
Result<Distribution> SpeedOf(std::string_view text) {
  DELSTEP_ASSIGN(const Distribution speed, ParseDistribution(text));
  if (speed.constant() ? speed.a < 1e-6
                       : speed.greatest() < 1e-6 ||
                             (speed.kind == Distribution::Kind::kUniform && speed.a < 1e-6))
    return UsageError("too slow");
  return speed;
}
/// Stays of no length would never end.
Result<Distribution> StayOf(std::string_view text) {
  DELSTEP_ASSIGN(const Distribution stay, ParseDurations(text));
  if (!(stay.mean() > 0)) return UsageError("0 is not allowed");
  return stay;
}

Result<std::optional<Bytes>> MemoryOf(std::string_view text) {
  if (text == "auto") return std::optional<Bytes>();
  DELSTEP_ASSIGN(const Bytes size, ParseSize(text));
  return std::optional<Bytes>(size);
}
std::string MemoryText(const std::optional<Bytes>& size) { return size ? SizeText(*size) : "auto"; }

Result<std::string> ScaleOf(std::string_view text) {
  const auto number = ParseReal(text);
  if (text == "auto" || text == "none" || (number && *number != 0)) return std::string(text);
  return UsageError("no divisor");
}
/// As LibTorch names devices; whether there is one shows when the learner is made.
Result<std::string> DeviceOf(std::string_view text) {
  if (text == "cpu" || text == "cuda") return std::string(text);
  const std::string_view number = text.substr(std::min<std::size_t>(text.size(), 5));
  const auto parsed = ParseUnsigned(number);
  if (text.starts_with("cuda:") && parsed && *parsed <= kMostDevice &&
      number == std::to_string(*parsed))
    return std::string(text);
  return UsageError("no device");
}

/// A file may give a number without quotes.
Result<std::string> TextOrNumber(std::string_view text) { return std::string(text); }
std::string SameText(const std::string& text) { return text; }

std::string BandwidthWord(const double& bandwidth) { return BandwidthText(bandwidth); }

#define FIELD(path)            \
  +[](Scenario & s) -> auto& { \
    return s.path;             \
  }

// The order is that of the reference page; a section's keys stand together.
constexpr Key kKeys[] = {
    {"seed", IntegerKey{FIELD(seed), 0, kMostSeed}, "Everything random in a run follows from it."},
    {"portable", BoolKey{FIELD(portable)},
     "Use baseline kernels only, so that results repeat on every machine."},

    {"nodes.count", IntegerKey{FIELD(nodes.count), 1, kMostNodes}, "Number of nodes at the start."},
    {"nodes.addresses", AddressesKey{FIELD(nodes.addresses)},
     "Addresses of the first nodes; the others get 10.0.0.1, 10.0.0.2, ..."},
    {"nodes.names", TextsKey{FIELD(nodes.names), "a list of names such as [\"anna\", \"ben\"]"},
     "Names of the first nodes, next to their addresses."},

    {"topology.name", PartKey{FIELD(topology.name), NamesOf<&Registry::topologies>},
     "Who is whose neighbour at the start."},
    {"topology.degree", IntegerKey{FIELD(topology.degree), 0, kMostNodes},
     "`regular`: neighbours of each node."},
    {"topology.k", IntegerKey{FIELD(topology.k), 2, kMostNodes},
     "`small-world`: neighbours of each node in the ring before rewiring; even."},
    {"topology.p", RealKey{FIELD(topology.p), 0, 1},
     "`small-world`: probability to rewire an edge; `random`: of each edge."},
    {"topology.m", IntegerKey{FIELD(topology.m), 1, kMostNodes},
     "`scale-free`: edges that each new node brings."},
    {"topology.radius", RealKey{FIELD(topology.radius), 0, kLarge, Ends::kOpen},
     "`geometric`: radio range, in sides of the unit square; in metres where mobility.area is "
     "set."},
    {"topology.file", PathKey{FIELD(topology.file)},
     "`file`: an edge list, or node-link JSON where the name ends in .json; `contacts`: who met "
     "whom, and when; in a scenario file, looked up beside it first."},

    {"network.backend", PartKey{FIELD(network.backend), NamesOf<&Registry::networks>},
     "What carries the messages."},
    {"network.loss", RealKey{FIELD(network.link.loss), 0, 1},
     "Probability that a link loses a message; over ns-3 and Mininet, a packet."},
    {"network.latency",
     ParsedKey{FIELD(network.link.latency), ParseLatency, LatencyText,
               "a latency such as 20ms, uniform(10ms,50ms), normal(20ms,5ms) or exponential(20ms)"},
     "How long a message travels, drawn for each one."},
    {"network.bandwidth",
     ParsedKey{FIELD(network.link.bandwidth), ParseBandwidth, BandwidthWord,
               "a bandwidth from 1bps to 1000000Gbps such as 10Mbps, or inf"},
     "Bits per second of a link; messages queue behind each other."},
    {"network.sharing", ChoiceKey{FIELD(network.sharing), "link, uplink, fair"},
     "Who shares bandwidth: nobody, all that a node sends or receives one after the other, or "
     "max-min fair."},
    {"network.up",
     ParsedKey{FIELD(network.up), ParseBandwidth, BandwidthWord,
               "a bandwidth from 1bps to 1000000Gbps such as 10Mbps, or inf"},
     "With sharing: bits per second of each node's uplink."},
    {"network.down",
     ParsedKey{FIELD(network.down), ParseBandwidth, BandwidthWord,
               "a bandwidth from 1bps to 1000000Gbps such as 10Mbps, or inf"},
     "With sharing: bits per second of each node's downlink."},
    {"network.step",
     ParsedKey{FIELD(network.step), StepOf, StepText,
               "a duration from 0ns to 1000000s such as 100ms, or \"drain\""},
     "How far `nstep` moves the clock; \"drain\": until nothing is in flight."},
    {"network.autonet", BoolKey{FIELD(network.autonet)},
     "A full `nstep` after each command that learns, sends or changes the network."},

    {"ns3.topology", ChoiceKey{FIELD(ns3.topology), "mesh, star, csma, wifi"},
     "What connects the nodes in ns-3: a private link for each pair, a router in the middle, one "
     "shared bus, or ad hoc wifi (places in metres: mobility.area)."},
    {"ns3.transport", ChoiceKey{FIELD(ns3.transport), "tcp, udp"},
     "How models travel in ns-3: over connections that send again what is lost, or in datagrams."},
    {"ns3.mtu", IntegerKey{FIELD(ns3.mtu), 576, 65535},
     "Bytes of the largest packet in ns-3; 9000 is several times as fast to simulate as 1500."},
    {"ns3.ttl", ParsedKey{FIELD(ns3.ttl), PeriodOf, DurationWord, "a duration above 0 such as 60s"},
     "What has not arrived in ns-3 after this time is lost (expired)."},
    {"ns3.pcap", PathKey{FIELD(ns3.pcap), PathKey::Use::kWritten},
     "The folder for a capture of each interface of ns-3, to be opened in Wireshark; \"\": none."},

    {"mininet.ttl",
     ParsedKey{FIELD(mininet.ttl), PeriodOf, DurationWord, "a duration above 0 such as 60s"},
     "What has not arrived in Mininet after this time is lost (expired)."},

    {"data.name", PartKey{FIELD(data.name), NamesOf<&Registry::data>}, "The data set."},
    {"data.path", PathKey{FIELD(data.path)},
     "The folder that holds the files under their usual names; \"\": `$DELSTEP_DATA`, then the "
     "place that the set-up recorded. For `npz`, `csv`, `leaf`, `images` and `text` the file or "
     "folder itself."},
    {"data.pool", ChoiceKey{FIELD(data.pool), "all, train"},
     "`all`: training and test part are dealt; `train`: the training part only, and the test part "
     "is for `test` without a scope."},
    {"data.test_fraction", RealKey{FIELD(data.test_fraction), 0, 1, Ends::kHalfOpen},
     "Share of its samples that a node holds out."},
    {"data.split",
     ChoiceKey{FIELD(data.split), "balanced, byclass, bymerge, letters, digits, mnist"},
     "`emnist`: which of its sets."},
    {"data.coarse", BoolKey{FIELD(data.coarse)}, "`cifar-100`: the 20 superclasses are learnt."},
    {"data.scale",
     ParsedKey{FIELD(data.scale), ScaleOf, SameText,
               "\"auto\", \"none\" or a number other than 0, such as 255"},
     "What features are divided by; \"auto\": bytes by 255, other numbers by nothing; \"none\": "
     "nothing is divided."},
    {"data.label", ParsedKey{FIELD(data.label), TextOrNumber, SameText, "a text or a number"},
     "`csv`: the column with the class; without a header its number: from 0, or -1 for the last "
     "one."},
    {"data.header", ChoiceKey{FIELD(data.header), "auto, true, false"},
     "`csv`: whether the first line names the columns; `auto`: it does, and one of numbers alone "
     "is "
     "refused."},
    {"data.image_size", IntegerKey{FIELD(data.image_size), 1, 4096},
     "`images`: pixels of a side that they are scaled to."},
    {"data.unit", ChoiceKey{FIELD(data.unit), "char, word"}, "`text`: what a token is."},
    {"data.sequence", IntegerKey{FIELD(data.sequence), 1, kMillion},
     "`text`: tokens before the one to predict."},
    {"data.stride", IntegerKey{FIELD(data.stride), 1, kMillion},
     "`text`: tokens from the beginning of an example to that of the next."},
    {"data.vocabulary", IntegerKey{FIELD(data.vocabulary), 2, 10'000'000},
     "`text`: how many of the most frequent tokens are told apart."},
    {"data.samples", IntegerKey{FIELD(data.samples), 1, kMostExamples},
     "`blobs`: examples in all."},
    {"data.features", IntegerKey{FIELD(data.features), 1, kMillion},
     "`blobs`: numbers of an example."},
    {"data.classes", IntegerKey{FIELD(data.classes), 1, kMillion}, "`blobs`: classes."},
    {"data.spread", RealKey{FIELD(data.spread), 0, kLarge},
     "`blobs`: standard deviation of a class around its centre."},

    {"partition.name", PartKey{FIELD(partition.name), NamesOf<&Registry::partitioners>},
     "How the data are dealt to the nodes."},
    {"partition.samples_per_node",
     IntegerOrAllKey{FIELD(partition.samples_per_node), 1, kMostExamples},
     "Deals this many for each node in total; \"all\": everything."},
    {"partition.partition_sizes", IntegersKey{FIELD(partition.partition_sizes), 0, kMostExamples},
     "`size`, `label-sorted`: examples of each node, in order."},
    {"partition.alpha", RealKey{FIELD(partition.alpha), 0, kLarge, Ends::kOpen},
     "`dirichlet`: concentration; the smaller, the fewer classes a node has."},
    {"partition.min_partition_size",
     IntegerKey{FIELD(partition.min_partition_size), 0, kMostExamples},
     "`dirichlet`: redrawn until every node has this many."},
    {"partition.self_balancing", BoolKey{FIELD(partition.self_balancing)},
     "`dirichlet`: a node that has reached the average size gets no more."},
    {"partition.num_classes_per_partition",
     IntegerKey{FIELD(partition.num_classes_per_partition), 1, kMillion},
     "`pathological`: classes of each node."},
    {"partition.class_assignment_mode",
     ChoiceKey{FIELD(partition.class_assignment_mode),
               "random, deterministic, first-deterministic"},
     "`pathological`: how classes are given to nodes."},
    {"partition.num_shards_per_partition",
     IntegerKey{FIELD(partition.num_shards_per_partition), 1, kMostExamples},
     "`shard`: shards of each node."},
    {"partition.shard_size", IntegerOrAllKey{FIELD(partition.shard_size), 1, kMostExamples},
     "`shard`: examples of a shard; \"all\": so that everything is dealt."},
    {"partition.weight", RealKey{FIELD(partition.weight), 0, 1},
     "`label-sorted`: share of the pool that is sorted by label."},

    {"model.name",
     ChoiceKey{FIELD(model.name),
               "mlp, logreg, cnn, lenet, resnet20, lstm, module, torchscript, tensorflow"},
     "The model that every node trains."},
    {"model.learner", PartKey{FIELD(model.learner), NamesOf<&Registry::learners>},
     "What computes it; `auto`: the fastest that can do the model."},
    {"model.file", PathKey{FIELD(model.file)},
     "`module`: a C++ file; `torchscript`: what torch.jit.save wrote; `tensorflow`: the folder of "
     "a SavedModel. In a scenario file, looked up beside it first."},
    {"model.weights", PathKey{FIELD(model.weights)},
     "Initial parameters from a file (.safetensors, .npz, .pt); \"\": drawn."},
    {"model.hidden", IntegersKey{FIELD(model.hidden), 1, kMillion},
     "`mlp`: widths of the hidden layers."},
    {"model.activation", ChoiceKey{FIELD(model.activation), "relu, tanh"},
     "`mlp`: after each hidden layer."},
    {"model.dropout", RealKey{FIELD(model.dropout), 0, 1, Ends::kHalfOpen},
     "`mlp`: share of a hidden layer that is dropped in training."},
    {"model.embedding", IntegerKey{FIELD(model.embedding), 1, 65536},
     "`lstm`: numbers that stand for a token."},
    {"model.units", IntegerKey{FIELD(model.units), 1, 65536},
     "`lstm`: width of a recurrent layer."},
    {"model.layers", IntegerKey{FIELD(model.layers), 1, 64}, "`lstm`: recurrent layers."},
    {"model.init", ChoiceKey{FIELD(model.init), "common, per-node"},
     "`common`: all nodes start from the same parameters; `per-node`: each from its own."},

    {"training.optimizer", ChoiceKey{FIELD(training.optimizer), "adam, adamw, sgd, rmsprop"},
     "How gradients move the parameters."},
    {"training.lr", RealKey{FIELD(training.lr), 0, kLarge}, "Learning rate."},
    {"training.lr_schedule",
     ChoiceKey{FIELD(training.lr_schedule), "constant, step, exponential, cosine"},
     "How the learning rate changes from one `train` of a node to the next."},
    {"training.lr_gamma", RealKey{FIELD(training.lr_gamma), 0, 1},
     "`step`: factor after each lr_step `train`s; `exponential`: after each."},
    {"training.lr_step", IntegerKey{FIELD(training.lr_step), 1, kBillion},
     "`step`: `train`s between two changes."},
    {"training.lr_total", IntegerKey{FIELD(training.lr_total), 1, kBillion},
     "`cosine`: `train`s until lr_min is reached."},
    {"training.lr_min", RealKey{FIELD(training.lr_min), 0, kLarge}, "No schedule goes below it."},
    {"training.lr_warmup", IntegerKey{FIELD(training.lr_warmup), 0, kBillion},
     "Over this many `train`s the rate first rises linearly."},
    {"training.momentum", RealKey{FIELD(training.momentum), 0, 1, Ends::kHalfOpen},
     "`sgd`, `rmsprop`: momentum."},
    {"training.weight_decay", RealKey{FIELD(training.weight_decay), 0, kLarge},
     "Pull of the parameters towards 0: L2, or decoupled with `adamw`."},
    {"training.batch_size", IntegerKey{FIELD(training.batch_size), 1, kMostExamples},
     "Examples of a mini-batch; the last one of an epoch may be smaller."},
    {"training.epochs", IntegerKey{FIELD(training.epochs), 1, kMillion},
     "Passes over the node's training part in one `train`."},
    {"training.local_steps", IntegerKey{FIELD(training.local_steps), 0, kBillion},
     "Above 0: mini-batches of one `train`, instead of epochs."},
    {"training.clip_norm", RealKey{FIELD(training.clip_norm), 0, kLarge},
     "Above 0: a gradient of a larger norm is scaled down to it."},
    {"training.proximal_mu", RealKey{FIELD(training.proximal_mu), 0, kLarge},
     "FedProx: pull of the parameters to those of the last aggregation."},
    {"training.device",
     ParsedKey{FIELD(training.device), DeviceOf, SameText,
               "cpu, cuda or the number of a GPU such as cuda:1", "cpu, cuda"},
     "What trains and tests: the CPU, or a GPU of NVIDIA with a LibTorch that has CUDA."},
    {"training.threads", IntegerKey{FIELD(training.threads), 0, 4096},
     "Threads that work; 0: one for each core. No result depends on it."},

    {"aggregation.name", PartKey{FIELD(aggregation.name), NamesOf<&Registry::aggregators>},
     "The rule by which received models are merged; a C++ file is looked up beside a scenario file "
     "first."},
    {"aggregation.expiry", IntegerKey{FIELD(aggregation.expiry), 1, kBillion},
     "Aggregations that a record of the guestbook serves."},
    {"aggregation.rate", RealKey{FIELD(aggregation.rate), 0, 1},
     "Communal learning rate: 0 keeps the own model, 1 takes the average."},
    {"aggregation.trim", RealKey{FIELD(aggregation.trim), 0, 0.5, Ends::kHalfOpen},
     "`trimmed-mean`: share that is cut at each end."},
    {"aggregation.byzantine", IntegerKey{FIELD(aggregation.byzantine), 0, kMostNodes},
     "`krum`: attackers to withstand."},
    {"aggregation.share", ChoiceKey{FIELD(aggregation.share), "parameters, deltas, gradients"},
     "What is sent: the parameters, or their change since the last aggregation (`gradients`: "
     "divided by minus the learning rate)."},

    {"compression.name", PartKey{FIELD(compression.name), NamesOf<&Registry::compressors>},
     "What is done to a model before it is sent."},
    {"compression.ratio", RealKey{FIELD(compression.ratio), 0, 1, Ends::kOpenBelow},
     "`top-k`, `random-k`: share of the parameters that is sent."},
    {"compression.bits", IntegerKey{FIELD(compression.bits), 2, 16},
     "`stochastic`: bits of a parameter, its sign among them."},
    {"compression.error_feedback", BoolKey{FIELD(compression.error_feedback)},
     "What compression leaves out is added to what is sent next."},

    {"mobility.name", PartKey{FIELD(mobility.name), NamesOf<&Registry::mobility>},
     "How nodes move."},
    {"mobility.area",
     ParsedKey{FIELD(mobility.area), AreaOf, AreaWord,
               "an area in metres such as 1000x500, or \"auto\""},
     "The field; \"auto\": 1000x1000 where the topology is `radio`, else the unit square."},
    {"mobility.speed",
     ParsedKey{
         FIELD(mobility.speed), SpeedOf, DistributionText,
         "a speed of at least 0.000001 such as 1.5, or a distribution such as uniform(0.5,1.5)"},
     "Metres per second, drawn for each leg; of `gauss-markov` the mean."},
    {"mobility.pause",
     ParsedKey{FIELD(mobility.pause), ParseDurations, DurationsText,
               "a duration or a distribution such as exponential(30min), weibull(0.6,30min) or "
               "uniform(1s,2s)"},
     "How long a node stands between two legs."},
    {"mobility.alpha", RealKey{FIELD(mobility.alpha), 0, 1},
     "`gauss-markov`: share of the velocity that stays in each second."},
    {"mobility.step", RealKey{FIELD(mobility.step), 0, kLarge, Ends::kOpen},
     "`random-walk`: seconds of a leg; `manhattan`: metres of a block."},
    {"mobility.group_size", IntegerKey{FIELD(mobility.group_size), 1, kMostNodes},
     "`group`: nodes that move together."},
    {"mobility.group_radius", RealKey{FIELD(mobility.group_radius), 0, kLarge, Ends::kOpen},
     "`group`: how far they are from its centre at most, in metres."},
    {"mobility.file", PathKey{FIELD(mobility.file)},
     "`trace`: the file; in a scenario file, looked up beside it first."},
    {"mobility.format", ChoiceKey{FIELD(mobility.format), "auto, ns2, bonnmotion, fcd, one, csv"},
     "`trace`: what the file is; `auto`: by what is in it."},

    {"radio.range", RealKey{FIELD(radio.range), 0, kLarge, Ends::kOpen},
     "`radio`: how far nodes hear each other, in metres."},
    {"radio.model", ChoiceKey{FIELD(radio.model), "disk, log-distance"},
     "`radio`: the same range for all, or one for each pair by path loss and shadowing."},
    {"radio.exponent", RealKey{FIELD(radio.exponent), 1, 10},
     "`log-distance`: how fast the signal falls; 2 in free space, 3 to 4 in towns."},
    {"radio.shadowing", RealKey{FIELD(radio.shadowing), 0, 30},
     "`log-distance`: standard deviation of the shadowing, in dB."},

    {"compute.ms_per_example",
     ParsedKey{FIELD(compute.ms_per_example), ParseDistribution, DistributionText,
               "a number from 0 on, or a distribution such as uniform(1,2), lognormal(20,0.6) or "
               "classes(1,3,10)"},
     "Milliseconds of training per example, drawn once for each node; 0: training takes no time."},
    {"compute.jitter", RealKey{FIELD(compute.jitter), 0, 1, Ends::kHalfOpen},
     "Each training takes up to this share longer or shorter."},
    {"compute.file", PathKey{FIELD(compute.file)},
     "A CSV `node,ms_per_example[,up_kbps,down_kbps]`; in a scenario file, looked up beside it "
     "first."},
    {"compute.offline", ChoiceKey{FIELD(compute.offline), "pause, lose, continue"},
     "What happens to the training of a node that goes offline."},

    {"churn.name", PartKey{FIELD(churn.name), NamesOf<&Registry::churn>}, "When nodes are online."},
    {"churn.on",
     ParsedKey{FIELD(churn.on), StayOf, DurationsText,
               "a duration or a distribution such as exponential(30min), weibull(0.6,30min) or "
               "uniform(1s,2s)"},
     "`sessions`: how long a node stays online."},
    {"churn.off",
     ParsedKey{FIELD(churn.off), StayOf, DurationsText,
               "a duration or a distribution such as exponential(30min), weibull(0.6,30min) or "
               "uniform(1s,2s)"},
     "`sessions`: how long it stays away."},
    {"churn.min", RealKey{FIELD(churn.min), 0, 1}, "`diurnal`: least share of nodes online."},
    {"churn.max", RealKey{FIELD(churn.max), 0, 1}, "`diurnal`: greatest share of nodes online."},
    {"churn.period",
     ParsedKey{FIELD(churn.period), PeriodOf, DurationWord, "a duration above 0 such as 24h"},
     "`diurnal`: length of a day."},
    {"churn.file", PathKey{FIELD(churn.file)},
     "`trace`: a CSV `node,from,to` in seconds online; in a scenario file, looked up beside it "
     "first."},

    {"behaviour.name", PartKey{FIELD(behaviour.name), NamesOf<&Registry::behaviours>},
     "What nodes do by themselves in `run` and `next`; a C++ file is looked up beside a scenario "
     "file "
     "first."},
    {"behaviour.period",
     ParsedKey{FIELD(behaviour.period), PeriodOf, DurationWord, "a duration above 0 such as 10s"},
     "From one turn of a node to the next."},
    {"behaviour.jitter",
     ParsedKey{FIELD(behaviour.jitter), ParseDuration, DurationWord, "a duration such as 1s"},
     "Each turn comes up to this much later, drawn for each: 1000 periods at most. Above one "
     "period turns overtake each other."},
    {"behaviour.peers", IntegerKey{FIELD(behaviour.peers), 1, kMostNodes},
     "To how many neighbours a node sends in a turn."},
    {"behaviour.mode", ChoiceKey{FIELD(behaviour.mode), "push, pull, push-pull"},
     "`gossip`: send the model, ask for one, or both."},
    {"behaviour.update", ChoiceKey{FIELD(behaviour.update), "merge-update, update-merge, update"},
     "`gossip`, `token`: whether a received model is merged before the training, after it, or "
     "replaces the own one."},
    {"behaviour.merge", ChoiceKey{FIELD(behaviour.merge), "mean, age"},
     "`gossip`, `token`: equal weights, or by trainings in the model."},
    {"behaviour.strategy", ChoiceKey{FIELD(behaviour.strategy), "simple, generalized, randomized"},
     "`token`: when tokens are spent."},
    {"behaviour.capacity", IntegerKey{FIELD(behaviour.capacity), 1, kMillion},
     "`token`: most tokens of a node."},
    {"behaviour.reactivity", IntegerKey{FIELD(behaviour.reactivity), 1, kMillion},
     "`token`: the fewer, the more messages answer one that came; at most the capacity."},
    {"behaviour.timeout",
     ParsedKey{FIELD(behaviour.timeout), TimeoutOf, TimeoutText,
               "a duration such as 30s, or \"never\""},
     "`d-psgd`, `epidemic`, `ad-psgd`: how long a node waits for others in a round."},
    {"behaviour.oracle", BoolKey{FIELD(behaviour.oracle)},
     "`epidemic`: one draw for all decides who sends to whom, so that all receive equally many."},
    {"behaviour.min_gap",
     ParsedKey{FIELD(behaviour.min_gap), ParseDuration, DurationWord, "a duration such as 1min"},
     "`on-encounter`: no second exchange with the same peer before this time."},

    {"recording.tensorboard", BoolKey{FIELD(recording.tensorboard)},
     "With `--out`: metrics are also written as an event file of TensorBoard, in the folder `tb`."},

    {"test.limit", IntegerKey{FIELD(test.limit), 0, kMostTested},
     "How many examples the models of one `test` may go through, all together; beyond it the "
     "program "
     "asks, or refuses and names what is cheaper. 0: no limit."},

    {"history.why", ChoiceKey{FIELD(history.why), "auto, true, false"},
     "Whether `why` can tell where a model comes from; `auto`: up to 2,000 nodes at the start."},
    {"history.memory",
     ParsedKey{FIELD(history.memory), MemoryOf, MemoryText,
               "a size up to 1000000GiB such as 512MiB or 4GiB, or \"auto\""},
     "What moments to go back to may take; \"auto\": a quarter of the memory of the machine."},
};

#undef FIELD

}  // namespace

std::span<const Key> Keys() { return kKeys; }

bool Key::settable() const {
  for (const std::string_view key : {"network.backend", "network.sharing", "aggregation.share"})
    if (name == key) return false;
  return name.starts_with("training.") || name.starts_with("aggregation.") ||
         name.starts_with("compression.") || name.starts_with("network.") ||
         name.starts_with("behaviour.") || name.starts_with("compute.") ||
         name.starts_with("churn.") || name == "test.limit" || name == "history.memory";
}

bool Key::per_node() const {
  for (const std::string_view key :
       {"training.lr", "training.weight_decay", "training.batch_size", "training.epochs",
        "training.local_steps", "training.clip_norm", "training.proximal_mu"})
    if (name == key) return true;
  return false;
}

}  // namespace delstep
