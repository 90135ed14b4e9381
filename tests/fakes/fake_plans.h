#pragma once
/// Plans that a test writes down: contacts, churn, and a behaviour that tells what it was asked.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delstep/behaviour.h"
#include "delstep/churn.h"
#include "delstep/contacts.h"
#include "tests/fakes/fake_parts.h"

namespace delstep::fakes {

/// Contacts as a list of changes; nobody is in contact at the start.
class ListedContacts final : public ContactPlan {
 public:
  explicit ListedContacts(std::vector<ContactChange> changes) : changes_(std::move(changes)) {}

 private:
  std::vector<Pair> DoAt(std::size_t, SimTime time) const override {
    std::vector<Pair> pairs;
    for (const ContactChange& change : changes_) {
      if (change.at > time) continue;
      if (change.begins)
        pairs.push_back({change.a, change.b});
      else
        std::erase(pairs, Pair(change.a, change.b));
    }
    std::ranges::sort(pairs);
    return pairs;
  }
  std::vector<ContactChange> DoChanges(std::size_t, SimTime after, SimTime until) const override {
    std::vector<ContactChange> some;
    for (const ContactChange& change : changes_)
      if (after < change.at && change.at <= until) some.push_back(change);
    return some;
  }
  SimTime DoRestsFrom() const override { return changes_.back().at; }
  Duration DoWindow() const override { return std::chrono::seconds(1); }

  std::vector<ContactChange> changes_;
};

/// Whether a list says that it has an end.
enum class PlanEnds : std::uint8_t { kKnown, kNever };

/// Churn as a list of changes; everybody is online at the start.
class ListedChurn final : public Churn {
 public:
  ListedChurn(std::vector<PresenceChange> changes, PlanEnds ends)
      : changes_(std::move(changes)), ends_(ends) {}

 private:
  bool DoIsOnline(NodeId node, SimTime time) const override {
    bool online = true;
    for (const PresenceChange& change : changes_)
      if (change.node == node && change.at <= time) online = change.present;
    return online;
  }
  std::vector<PresenceChange> DoChanges(std::size_t, SimTime after, SimTime until) const override {
    std::vector<PresenceChange> some;
    for (const PresenceChange& change : changes_)
      if (after < change.at && change.at <= until) some.push_back(change);
    return some;
  }
  SimTime DoRestsFrom() const override {
    if (ends_ == PlanEnds::kNever) return SimTime::max();
    return changes_.empty() ? SimTime{} : changes_.back().at;
  }

  std::vector<PresenceChange> changes_;
  PlanEnds ends_;
};

/// Calls a function with each call it gets: ("turn", node) and so on.
class CalledBehaviour final : public Behaviour {
 public:
  using Call = std::function<void(const std::string& what, Host& node)>;
  explicit CalledBehaviour(Call call) : call_(std::move(call)) {}

  bool merges() const override { return true; }
  void OnTurn(Host& node) const override { call_("turn", node); }
  void OnReceive(Host& node, const ReceivedMessage& message) const override {
    call_("receive " + std::to_string(static_cast<std::uint64_t>(message.id)), node);
  }
  void OnTrained(Host& node) const override { call_("trained", node); }
  void OnMeet(Host& node, NodeId peer) const override {
    call_("meet " + std::to_string(Index(peer)), node);
  }
  void OnPart(Host& node, NodeId peer) const override {
    call_("part " + std::to_string(Index(peer)), node);
  }
  void OnWake(Host& node) const override { call_("wake", node); }

 private:
  Call call_;
};

/// Adds topology "contacts", churn "listed" and behaviour "called" to a registry.
inline void AddContacts(Registry& registry, std::vector<ContactChange> changes) {
  registry.topologies.Add("contacts", "", [changes](const Scenario& scenario, const Mobility&) {
    Graph graph;
    graph.nodes = static_cast<std::uint32_t>(scenario.nodes.count);
    graph.contacts = std::make_shared<ListedContacts>(changes);
    for (const auto& [a, b] : graph.contacts->At(graph.nodes, SimTime{}))
      graph.edges.push_back(
          {static_cast<std::uint32_t>(Index(a)), static_cast<std::uint32_t>(Index(b)), 1});
    return Result<Graph>(graph);
  });
}
inline void AddListedChurn(Registry& registry, std::vector<PresenceChange> changes,
                           PlanEnds ends = PlanEnds::kKnown) {
  registry.churn.Add("listed", "", [changes, ends](const Scenario&) {
    return Result<std::unique_ptr<Churn>>(std::make_unique<ListedChurn>(changes, ends));
  });
}
inline void AddCalledBehaviour(Registry& registry, CalledBehaviour::Call call) {
  registry.behaviours.Add("called", "", [call](const BehaviourOptions&) {
    return Result<std::unique_ptr<Behaviour>>(std::make_unique<CalledBehaviour>(call));
  });
}

}  // namespace delstep::fakes
