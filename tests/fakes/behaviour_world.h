#pragma once
/// A small world for tests of behaviours: nodes whose models are one number each, messages, time,
/// trainings and contacts, in the order of happenings of simulation.h. It also checks what a
/// behaviour must keep to (Host in delstep/behaviour.h), and fails the test where it does not.
///
///   BehaviourWorld world(*behaviour, {1, 2, 3}, {.latency = 20ms});
///   world.ConnectAll();
///   world.GiveTurns(10s, 5);
///   world.RunAll();
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "delstep/behaviour.h"

namespace delstep::fakes {

class BehaviourWorld {
 public:
  struct Options {
    std::uint64_t seed = 7;
    Duration latency{0};
    Duration latency_jitter{0};  ///< up to this much more: messages overtake each other
    double loss = 0;
    Duration training{0};
    bool has_data = true;
    double step = 0;  ///< what a training adds to the model, before `scale`
  };

  BehaviourWorld(const Behaviour& behaviour, std::vector<double> models, Options options)
      : behaviour_(behaviour),
        options_(options),
        nodes_(models.size()),
        chance_(MakeKey(options.seed, Purpose::kLoss)) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      nodes_[i].model = models[i];
      everybody_.push_back(static_cast<NodeId>(i));
    }
  }
  BehaviourWorld(const BehaviourWorld&) = delete;
  BehaviourWorld& operator=(const BehaviourWorld&) = delete;

  // ---- The graph, at the start: nobody is told.
  void Connect(std::size_t a, std::size_t b) {
    Insert(a, b);
    Insert(b, a);
  }
  void ConnectAll() {
    for (std::size_t a = 0; a < size(); ++a)
      for (std::size_t b = 0; b < a; ++b) Connect(a, b);
  }
  void ConnectRing() {
    for (std::size_t a = 0; a < size(); ++a) Connect(a, (a + 1) % size());
  }

  // ---- What happens from outside, at the present moment.
  void Meet(std::size_t a, std::size_t b) {
    Connect(a, b);
    TellOfMeeting(a, b);
  }
  void Part(std::size_t a, std::size_t b) {
    std::erase(nodes_[a].neighbours, static_cast<NodeId>(b));
    std::erase(nodes_[b].neighbours, static_cast<NodeId>(a));
    TellOfParting(a, b);
    TellOfParting(b, a);
  }
  /// The training of a node that goes down is lost.
  void SetUp(std::size_t node, bool up) {
    Node& changed = nodes_[node];
    if (changed.up == up) return;
    changed.up = up;
    if (!up) {
      changed.training = {};
      changed.turn_is_pending = false;
      for (const NodeId peer : changed.neighbours) TellOfParting(Index(peer), node);
    } else {
      for (const NodeId peer : changed.neighbours) TellOfMeeting(node, Index(peer));
    }
  }
  void Turn(std::size_t node) {
    Node& taking = nodes_[node];
    if (!taking.up) return;
    if (taking.training) {
      taking.turn_is_pending = true;
      return;
    }
    ++turns_;
    NodeHost host(*this, node);
    behaviour_.OnTurn(host);
  }
  /// The k-th turns of all nodes are due at k periods from now.
  void GiveTurns(Duration period, std::size_t count, std::size_t first = 1) {
    for (std::size_t k = first; k < first + count; ++k)
      for (std::size_t i = 0; i < size(); ++i)
        At(now_ + static_cast<std::int64_t>(k) * period, kTurn, i, [this, i] { Turn(i); });
  }
  void Plan(Duration from_now, std::function<void()> action) {
    At(now_ + from_now, kChange, 0, std::move(action));
  }
  /// A message as sent by hand, or by another behaviour.
  void Deliver(std::size_t from, std::size_t to, MessageTag tag, bool has_model = true) {
    Arrive(to, MakeLetter(from, tag, has_model, now_));
  }
  /// It comes in an `nstep`: nobody is called.
  void DeliverSilently(std::size_t from, std::size_t to, MessageTag tag) {
    nodes_[to].inbox.push_back(MakeLetter(from, tag, true, now_));
  }

  // ---- Time.
  void RunFor(Duration duration) {
    const SimTime end = now_ + duration;
    while (!agenda_.empty() && std::get<0>(agenda_.begin()->first) <= end) HandleNext();
    now_ = end;
  }
  /// Until nothing is to come.
  void RunAll() {
    for (std::size_t handled = 0; !agenda_.empty(); ++handled) {
      ASSERT_LT(handled, 10'000'000u) << "it never ends";
      HandleNext();
    }
  }

  // ---- Looking.
  std::size_t size() const { return nodes_.size(); }
  SimTime now() const { return now_; }
  std::vector<double> models() const {
    std::vector<double> models;
    for (const Node& node : nodes_) models.push_back(node.model);
    return models;
  }
  void SetModels(const std::vector<double>& models) {
    for (std::size_t i = 0; i < size(); ++i) nodes_[i].model = models[i];
  }
  double Mean() const {
    double sum = 0;
    for (const Node& node : nodes_) sum += node.model;
    return sum / static_cast<double>(size());
  }
  /// Sum of (x - mean)^2, about the mean of the models or another value.
  double Spread(std::optional<double> about = {}) const {
    const double mean = about.value_or(Mean());
    double sum = 0;
    for (const Node& node : nodes_) sum += (node.model - mean) * (node.model - mean);
    return sum;
  }
  double model(std::size_t node) const { return nodes_[node].model; }
  bool busy(std::size_t node) const { return nodes_[node].training.has_value(); }
  std::uint64_t trained(std::size_t node) const { return nodes_[node].trained; }
  std::size_t InboxSize(std::size_t node) const { return nodes_[node].inbox.size(); }
  std::uint64_t merges(std::size_t node) const { return nodes_[node].merges; }
  std::uint64_t sent(std::size_t node) const { return nodes_[node].sent; }
  std::uint64_t models_sent() const { return models_sent_; }
  std::uint64_t headers_sent() const { return headers_sent_; }
  std::uint64_t turns() const { return turns_; }
  /// Calls `look` with the node as its behaviour sees it.
  template <class Look>
  auto See(std::size_t node, Look look) {
    NodeHost host(*this, node);
    return look(static_cast<Host&>(host));
  }
  /// Weight and weighted model of what is on its way or waits in inboxes, by MessageTag::weight.
  std::pair<double, double> Waiting() const {
    double weight = 0, sum = 0;
    const auto add = [&](const Letter& letter) {
      if (!letter.received.has_model) return;
      weight += letter.received.tag.weight;
      sum += letter.received.tag.weight * letter.model;
    };
    for (const auto& [id, letter] : on_the_way_) add(letter);
    for (const Node& node : nodes_)
      for (const Letter& letter : node.inbox) add(letter);
    return {weight, sum};
  }

 private:
  /// Classes of happenings at one instant (simulation.h).
  enum Class : std::uint8_t { kChange = 1, kMessage, kTrainingBefore, kAlarm, kTurn, kTrainingNow };

  struct Letter {
    ReceivedMessage received;
    double model = 0;
  };
  struct Node {
    double model = 0;
    bool up = true, turn_is_pending = false;
    std::optional<std::uint64_t> training;  // its number
    std::vector<NodeId> neighbours;
    std::vector<Letter> inbox;
    std::deque<MessageId> untold;  // for which OnReceive is to come
    std::array<double, kBehaviourMemory> memory{};
    std::optional<SimTime> alarm;
    std::map<NodeId, SimTime> last_sent;
    std::uint64_t trained = 0, draws = 0, merges = 0, sent = 0;
  };

  class NodeHost final : public Host {
   public:
    NodeHost(BehaviourWorld& world, std::size_t index)
        : world_(world), index_(index), node_(world.nodes_[index]) {}

    NodeId id() const override { return static_cast<NodeId>(index_); }
    SimTime now() const override { return world_.now_; }
    bool busy() const override { return node_.training.has_value(); }
    std::span<const NodeId> neighbours() const override { return node_.neighbours; }
    bool IsPartner(NodeId neighbour) const override {
      EXPECT_TRUE(std::ranges::binary_search(node_.neighbours, neighbour)) << "no neighbour";
      return world_.nodes_[Index(neighbour)].up;
    }
    std::span<const NodeId> everybody() const override { return world_.everybody_; }
    std::uint64_t trained() const override { return node_.trained; }
    std::uint64_t examples() const override { return world_.options_.has_data ? 100 : 0; }
    std::vector<ReceivedMessage> inbox() const override {
      std::vector<ReceivedMessage> inbox;
      for (const Letter& letter : node_.inbox) inbox.push_back(letter.received);
      return inbox;
    }
    std::optional<SimTime> LastSent(NodeId peer) const override {
      const auto found = node_.last_sent.find(peer);
      if (found == node_.last_sent.end()) return {};
      return found->second;
    }
    std::span<double, kBehaviourMemory> memory() override { return node_.memory; }
    Random Draw() override {
      return Random(MakeKey(world_.options_.seed, Purpose::kBehaviour, index_, node_.draws++));
    }
    Random DrawShared(std::uint64_t round) const override {
      return Random(MakeKey(world_.options_.seed, Purpose::kBehaviour, ~std::uint64_t{0}, round));
    }

    bool Train(double scale) override {
      if (!world_.options_.has_data || busy()) return false;
      EXPECT_TRUE(std::isfinite(scale));
      world_.BeginTraining(index_, node_.model + scale * world_.options_.step);
      return true;
    }
    void Send(NodeId to, const MessageTag& tag) override { world_.Send(index_, to, tag, true); }
    void SendHeader(NodeId to, const MessageTag& tag) override {
      world_.Send(index_, to, tag, false);
    }
    void Merge(double own, std::span<const MergeTerm> terms) override {
      EXPECT_TRUE(world_.behaviour_.merges());
      EXPECT_FALSE(busy()) << "a node that trains merges";
      double sum = own, model = own * node_.model;
      for (const MergeTerm& term : terms) {
        sum += term.weight;
        const Letter letter = Take(term.message);
        EXPECT_TRUE(letter.received.has_model);
        model += term.weight * letter.model;
      }
      EXPECT_NEAR(sum, 1, 1e-9) << "weights do not sum to 1";
      EXPECT_TRUE(std::isfinite(model));
      node_.model = model;
      ++node_.merges;
    }
    /// The plain mean of the own model and the newest of each sender.
    void Aggregate() override {
      EXPECT_FALSE(busy()) << "a node that trains aggregates";
      std::map<NodeId, double> newest;
      for (const Letter& letter : node_.inbox) newest[letter.received.from] = letter.model;
      double sum = node_.model;
      for (const auto& [from, model] : newest) sum += model;
      node_.model = sum / static_cast<double>(newest.size() + 1);
      node_.inbox.clear();
      ++node_.merges;
    }
    void Discard(MessageId message) override { Take(message); }
    void Wake(std::optional<SimTime> time) override {
      node_.alarm = time;
      if (!time) return;
      EXPECT_GE(*time, world_.now_);
      world_.At(*time, kAlarm, index_, [&world = world_, index = index_, time = *time] {
        Node& node = world.nodes_[index];
        if (node.alarm != time || !node.up) return;  // replaced
        node.alarm = {};
        NodeHost host(world, index);
        world.behaviour_.OnWake(host);
      });
    }

   private:
    Letter Take(MessageId message) {
      const auto found = std::ranges::find(node_.inbox, message,
                                           [](const Letter& letter) { return letter.received.id; });
      if (found == node_.inbox.end()) {
        ADD_FAILURE() << "message " << static_cast<std::uint64_t>(message) << " is not there";
        return {};
      }
      const Letter letter = *found;
      node_.inbox.erase(found);
      return letter;
    }

    BehaviourWorld& world_;
    std::size_t index_;
    Node& node_;
  };

  void Insert(std::size_t node, std::size_t peer) {
    std::vector<NodeId>& neighbours = nodes_[node].neighbours;
    const auto id = static_cast<NodeId>(peer);
    const auto place = std::ranges::lower_bound(neighbours, id);
    if (place == neighbours.end() || *place != id) neighbours.insert(place, id);
  }
  void TellOfMeeting(std::size_t a, std::size_t b) {
    for (const auto& [node, peer] : {std::pair{a, b}, std::pair{b, a}}) {
      if (!nodes_[a].up || !nodes_[b].up) return;
      NodeHost host(*this, node);
      behaviour_.OnMeet(host, static_cast<NodeId>(peer));
    }
  }
  void TellOfParting(std::size_t node, std::size_t peer) {
    if (!nodes_[node].up) return;
    NodeHost host(*this, node);
    behaviour_.OnPart(host, static_cast<NodeId>(peer));
  }

  void Send(std::size_t from, NodeId to, const MessageTag& tag, bool has_model) {
    Node& sender = nodes_[from];
    ASSERT_TRUE(std::ranges::binary_search(sender.neighbours, to)) << "it sends to a stranger";
    ASSERT_TRUE(sender.up) << "a node that is down sends";
    ++(has_model ? models_sent_ : headers_sent_);
    ++sender.sent;
    if (has_model) sender.last_sent[to] = now_;
    if (options_.loss > 0 && chance_.Chance(options_.loss)) return;
    Duration latency = options_.latency;
    if (options_.latency_jitter.count() > 0)
      latency += Duration(static_cast<std::int64_t>(
          chance_.Below(static_cast<std::uint64_t>(options_.latency_jitter.count()))));
    const Letter sent_letter = MakeLetter(from, tag, has_model, now_ + latency);
    const MessageId id = sent_letter.received.id;
    on_the_way_[id] = sent_letter;
    At(now_ + latency, kMessage, static_cast<std::size_t>(id), [this, id, to] {
      const Letter letter = on_the_way_.extract(id).mapped();
      // A contact that is over, or a receiver that is down, loses it.
      const Node& receiver = nodes_[Index(to)];
      if (receiver.up && std::ranges::binary_search(receiver.neighbours, letter.received.from))
        Arrive(Index(to), letter);
    });
  }
  Letter MakeLetter(std::size_t from, const MessageTag& tag, bool has_model, SimTime arrived) {
    return {.received = {.id = static_cast<MessageId>(messages_++),
                         .from = static_cast<NodeId>(from),
                         .tag = tag,
                         .has_model = has_model,
                         .examples = 100,
                         .sent = now_,
                         .arrived = arrived},
            .model = nodes_[from].model};
  }
  void Arrive(std::size_t to, const Letter& letter) {
    nodes_[to].inbox.push_back(letter);
    nodes_[to].untold.push_back(letter.received.id);
    TellOfMessages(to);
  }
  void TellOfMessages(std::size_t index) {
    Node& node = nodes_[index];
    while (!node.training && !node.untold.empty()) {
      const MessageId id = node.untold.front();
      node.untold.pop_front();
      const auto found = std::ranges::find(node.inbox, id,
                                           [](const Letter& letter) { return letter.received.id; });
      if (found == node.inbox.end()) continue;  // merged already
      const ReceivedMessage message = found->received;
      NodeHost host(*this, index);
      behaviour_.OnReceive(host, message);
    }
  }
  void BeginTraining(std::size_t index, double result) {
    const std::uint64_t number = trainings_++;
    nodes_[index].training = number;
    const Class when = options_.training.count() == 0 ? kTrainingNow : kTrainingBefore;
    At(now_ + options_.training, when, index, [this, index, number, result] {
      Node& node = nodes_[index];
      if (node.training != number) return;  // lost
      node.training = {};
      node.model = result;
      ++node.trained;
      NodeHost host(*this, index);
      behaviour_.OnTrained(host);
      if (node.turn_is_pending && !node.training) {
        node.turn_is_pending = false;
        Turn(index);
      }
      TellOfMessages(index);
    });
  }

  void At(SimTime time, Class when, std::size_t order, std::function<void()> action) {
    agenda_.emplace(std::tuple(time, when, order, happenings_++), std::move(action));
  }
  void HandleNext() {
    auto next = agenda_.extract(agenda_.begin());
    now_ = std::get<0>(next.key());
    next.mapped()();
  }
  const Behaviour& behaviour_;
  Options options_;
  std::vector<Node> nodes_;
  std::vector<NodeId> everybody_;
  Random chance_;
  SimTime now_{};
  std::map<std::tuple<SimTime, Class, std::size_t, std::uint64_t>, std::function<void()>> agenda_;
  std::map<MessageId, Letter> on_the_way_;
  std::uint64_t happenings_ = 0, messages_ = 0, trainings_ = 0;
  std::uint64_t models_sent_ = 0, headers_sent_ = 0, turns_ = 0;
};

/// Mean of samples and the standard error of it.
struct Estimate {
  double sum = 0, squares = 0;
  std::size_t count = 0;

  void Add(double sample) {
    sum += sample;
    squares += sample * sample;
    ++count;
  }
  double mean() const { return sum / static_cast<double>(count); }
  double error() const {
    const double n = static_cast<double>(count);
    return std::sqrt((squares / n - mean() * mean()) / (n - 1));
  }
};

/// N models, drawn from a normal distribution.
inline std::vector<double> NormalModels(std::size_t count, std::uint64_t seed = 1) {
  Random random(MakeKey(seed, Purpose::kData));
  std::vector<double> models(count);
  for (double& model : models) model = random.Normal();
  return models;
}

}  // namespace delstep::fakes
