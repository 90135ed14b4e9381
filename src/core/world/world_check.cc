#include "core/world/world_check.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace delstep {
namespace {

/// Gathers the first thing that cannot be; each look is at one part of the world.
class WorldCheck {
 public:
  WorldCheck(const World& world, const Dataset& dataset) : world_(world), dataset_(dataset) {}

  Result<void> Run() {
    CheckNodes();
    CheckGroups();
    CheckLinks();
    CheckMessages();
    CheckTraffic();
    CheckUndealt();
    CheckCycle();
    CheckPlans();
    // The network last: it may be asked only about nodes that exist.
    if (wrong_.empty()) CheckNetwork();
    if (wrong_.empty()) return {};
    return BadFile("the saved state of the run is damaged: " + wrong_);
  }

 private:
  void Require(bool holds, std::string_view wrong) {
    if (!holds && wrong_.empty()) wrong_ = wrong;
  }
  bool Exists(NodeId id) const { return Index(id) < world_.nodes.size(); }
  bool IsPresent(NodeId id) const { return Exists(id) && world_.at(id).present; }

  void CheckNodes() {
    std::unordered_set<std::uint32_t> addresses;
    std::unordered_set<std::string_view> names;
    for (std::size_t i = 0; i < world_.nodes.size(); ++i) {
      const Node& node = world_.nodes[i];
      Require(Index(node.id) == i, "a node has another's number");
      Require(addresses.insert(node.address.value).second, "two nodes have one address");
      Require(world_.used_addresses->contains(node.address.value), "an address is not in use");
      if (!node.present) continue;
      Require(node.name.empty() || names.insert(node.name).second, "two nodes have one name");
      CheckNode(node);
    }
    // All before it have been used, so the search for the next one begins there.
    Require(world_.next_default_address <= world_.used_addresses->size(),
            "the next address is too high");
  }

  void CheckNode(const Node& node) {
    Require(!node.model.empty() && !node.state.empty(), "a node has no model");
    Require(node.rate >= 0 && node.rate <= 1, "a communal learning rate is out of range");
    Require(std::isfinite(node.attack.value), "an attack is out of range");
    CheckExamples(node.training);
    CheckExamples(node.held_out);
    CheckAscending(*node.neighbours, "a node's neighbours are not in order");
    for (const NodeId neighbour : *node.neighbours)
      Require(IsPresent(neighbour) && neighbour != node.id, "a node has a neighbour that is none");
    for (const Encounter& record : node.guestbook.records())
      Require(Exists(record.peer) && record.peer != node.id && !record.model.row.empty(),
              "a guestbook has a peer that is none");
    for (const Encounter& record : node.guestbook.records()) CheckOrigin(record.model.origin);
    for (const auto* box : {&*node.waiting, &*node.inbox})
      for (const ModelMessage& message : *box) {
        CheckMessage(message);
        Require(message.header.to == node.id, "a message lies at another node");
        Require(message.arrived >= message.sent, "a message arrived before it was sent");
      }
    CheckLiving(node);
    if (node.last_trained) Require(node.last_trained->node == node.id, "a training is another's");
    CheckOrigin(node.origin);
    for (const auto& meeting : *node.meetings) CheckMeeting(meeting.get());
    Require(node.fresh_tests <= node.last_tests.size(), "a node has more fresh tests than tests");
    // Tables look them up by node.
    for (const Evaluated& test : node.last_tests)
      Require(test.node == node.id, "a result is another's");
  }

  /// Behaviours remember any numbers; what the core counts with must be sensible.
  void CheckLiving(const Node& node) {
    if (node.place)
      Require(std::isfinite(node.place->x) && std::isfinite(node.place->y), "a node is nowhere");
    if (!node.training_now) return;
    const TrainingNow& training = *node.training_now;
    const TrainOptions& options = training.options;
    Require(node.training && !node.training->empty(), "a node trains without data");
    Require(training.began <= world_.now && training.began <= training.ends &&
                (training.left || training.ends >= world_.now),
            "a training ends before now");
    Require(options.epochs >= 1 && options.local_steps >= 0 && options.batch_size >= 1 &&
                std::isfinite(training.scale) && std::isfinite(options.learning_rate) &&
                std::isfinite(options.momentum) && std::isfinite(options.weight_decay) &&
                std::isfinite(options.proximal_mu) && std::isfinite(options.clip_norm),
            "a training has options that cannot be");
  }

  // What is searched by halves must be in order, and have each item once.
  template <class List>
  void CheckAscending(const List& list, std::string_view wrong) {
    Require(std::ranges::adjacent_find(list, std::greater_equal<>()) == list.end(), wrong);
  }

  void CheckExamples(const Examples& examples) {
    if (!examples) return Require(false, "a node has no examples");
    CheckAscending(*examples, "a node's examples are not in order");
    Require(examples->empty() || examples->back() < dataset_.size(),
            "a node has examples that the data have not");
  }

  void CheckGroups() {
    std::set<std::string_view> names;
    for (const NodeGroup& group : *world_.groups) {
      Require(names.insert(group.name).second, "two groups have one name");
      std::set<NodeId> members;
      for (const NodeId member : group.members)
        Require(IsPresent(member) && members.insert(member).second,
                "a group has a member that is none");
    }
  }

  void CheckLink(const LinkProperties& link) {
    // Written so that NaN fails too.
    Require(link.loss >= 0 && link.loss <= 1 && link.bandwidth > 0,
            "a property of a link is out of range");
  }

  void CheckLinks() {
    CheckLink(world_.default_link);
    for (const auto& [ends, link] : *world_.single_links) {
      CheckLink(link);
      Require(IsPresent(ends.first) && IsPresent(ends.second) && ends.first != ends.second,
              "a link has an end that is none");
    }
  }

  void CheckMessage(const ModelMessage& message) {
    const Message& header = message.header;
    Require(Exists(header.from) && Exists(header.to) && header.from != header.to,
            "a message has an end that is none");
    CheckOrigin(message.model.origin);
    // Numbers that are still to be given must be new.
    const auto id = static_cast<std::uint64_t>(header.id);
    Require(id < world_.next_message && ids_.insert(id).second, "two messages have one number");
  }

  void CheckMessages() {
    world_.outbox->ForEach([&](const ModelMessage& message) {
      CheckMessage(message);
      Require(IsPresent(message.header.from), "a message is queued by a node that has left");
    });
    world_.in_flight.ForEach([&](const ModelMessage& message) { CheckMessage(message); });
  }

  void CheckTraffic() {
    const Traffic& traffic = world_.traffic;
    // Whatever was sent has arrived, is lost, is on the way or waits: the sum that `stats` shows.
    std::size_t waiting = 0;
    for (const Node& node : world_.nodes) waiting += node.waiting->size();
    Require(traffic.sent ==
                traffic.delivered + traffic.total_lost() + world_.in_flight.size() + waiting,
            "the counts of messages do not add up");
  }

  /// Sums of provenances have a place for each node, so the numbers decide how much memory they
  /// take.
  void CheckOrigin(const OriginRef& origin) {
    if (!origin) return;
    if (!origin->base) return Require(false, "a model comes from nowhere");
    if (!provenances_.insert(origin->base.get()).second) return;
    const auto& [shares, more, exact] = *origin->base;
    for (std::size_t i = 0; i < shares.size(); ++i)
      Require(Exists(shares.node(i)) && (i == 0 || shares.node(i - 1) < shares.node(i)),
              "what a model comes from is not in order");
    const auto ascend = [](const TrainingRange& a, const TrainingRange& b) {
      return std::pair(a.node, a.last) < std::pair(b.node, b.first);
    };
    for (std::size_t i = 0; i < more.size(); ++i) {
      Require(
          Exists(more[i].node) && more[i].first <= more[i].last && more[i].last <= kLargestTraining,
          "a model has trainings of nobody");
      Require(i == 0 || ascend(more[i - 1], more[i]),
              "the trainings that a model comes from are not in order");
    }
  }

  void CheckMeeting(const Meeting* meeting) {
    if (!meeting) return Require(false, "an aggregation is missing");
    for (const MeetingInput& input : meeting->inputs)
      Require(Exists(input.from), "an aggregation has a model of nobody");
  }

  void CheckCycle() {
    Require(world_.cycle_record.models->size() <= world_.nodes.size(),
            "a cycle began with more models than nodes");
    for (const Delivery& delivery : world_.cycle_record.deliveries.Values()) {
      Require(Exists(delivery.from) && Exists(delivery.to),
              "a message of the cycle has an end that is none");
      Require(delivery.taken <= delivery.message && delivery.message < delivery.queued_before,
              "a message of the cycle came before it was queued");
    }
  }

  void CheckUndealt() {
    std::vector<bool> seen(dataset_.size());
    for (const std::uint32_t example : *world_.undealt) {
      Require(example < seen.size() && !seen[example], "an example is left over twice");
      if (example < seen.size()) seen[example] = true;
    }
  }

  /// A copy of it is asked what it is going to report.
  void CheckNetwork() {
    const Network& network = *world_.network.operator->();
    // Both clocks move together; between two changes of plan the network is a nanosecond behind.
    Require(network.now() <= world_.now && world_.now - network.now() <= Duration(1),
            "the network has another time");
    Require(network.in_flight() + world_.ended->size() == world_.in_flight.size(),
            "the network has other messages on the way");
    for (const Node& node : world_.nodes)
      Require(network.IsAttached(node.id) == node.present, "the network has other nodes");
    if (!wrong_.empty() || !network.traits().can_snapshot) return;
    auto copy = network.Clone();
    if (!copy) return;
    const auto passage = (*copy)->Drain();
    Require(passage.ok() && passage->size() + world_.ended->size() == world_.in_flight.size(),
            "the network has other messages on the way");
    if (!passage) return;
    for (const Outcome& outcome : *world_.ended) CheckOutcome(outcome);
    for (const Outcome& outcome : *passage) CheckOutcome(outcome);
  }

  void CheckOutcome(const Outcome& outcome) {
    // Each will be looked for by its number, and counted for its ends.
    const ModelMessage* found = world_.in_flight.Find(outcome.message.id);
    Require(found && found->header == outcome.message && found->sent == outcome.sent &&
                outcome.at >= outcome.sent && ended_.insert(outcome.message.id).second,
            "the network has other messages on the way");
  }

  void CheckPlans() {
    std::uint64_t last = 0;
    for (const PlannedCommand& plan : *world_.plans) {
      Require(plan.number > last && plan.number < world_.next_plan,
              "planned commands are not in order");
      Require(!plan.every || *plan.every > Duration(0), "a planned command never rests");
      last = plan.number;
    }
  }

  const World& world_;
  const Dataset& dataset_;
  std::unordered_set<MessageId> ended_;
  std::unordered_set<std::uint64_t> ids_;              // of all messages
  std::unordered_set<const Provenance*> provenances_;  // that were looked at
  std::string wrong_;
};

}  // namespace

Result<void> CheckWorld(const World& world, const Dataset& dataset) {
  return WorldCheck(world, dataset).Run();
}

}  // namespace delstep
