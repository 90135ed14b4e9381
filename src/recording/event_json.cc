#include "recording/event_json.h"

#include <fmt/format.h>

#include <concepts>
#include <iterator>
#include <string_view>

#include "base/json.h"
#include "scenario/units.h"

namespace delstep {
namespace {

// Whole numbers in JSON: a reader with doubles loses nothing up to 104 days of simulated time.
std::int64_t Nanoseconds(SimTime time) { return time.time_since_epoch().count(); }

/// Writes an event's members, each with a comma before it.
class MemberWriter {
 public:
  MemberWriter(const AddressBook& addresses, std::string& out) : addresses_(addresses), out_(out) {}

  void operator()(const TrainingStarted& e) {
    OfNode("training_started", e.node);
    Add(R"(,"examples":{},"epochs":{},"local_steps":{},"lr":{})", e.samples, e.epochs,
        e.local_steps, JsonNumber(e.learning_rate));
  }
  void operator()(const Trained& e) {
    Type("trained");
    Add(R"(,"node":"{}","examples":{},"epochs":{},"steps":{},"loss":{},"lr":{})",
        addresses_[e.node], e.samples, e.epochs, e.steps, JsonNumber(e.loss),
        JsonNumber(e.learning_rate));
  }
  void operator()(const Aggregated& e) {
    Type("aggregated");
    Add(R"(,"node":"{}","peers":)", addresses_[e.node]);
    Add(e.peers);
    Add(R"(,"rate":{},"changed":{},"own_weight":)", JsonNumber(e.rate), e.changed);
    // A rule that merges gives no weights: then there are none, which is not an empty list.
    if (e.weights.size() < e.peers.size()) {
      out_ += R"(null,"weights":null)";
    } else {
      Add(R"({},"weights":)", JsonNumber(e.own_weight));
      AddList(e.weights, [](double weight) { return JsonNumber(weight); });
    }
    out_ += R"(,"messages":)";
    AddList(e.messages, [](MessageId id) { return static_cast<std::uint64_t>(id); });
  }
  void operator()(const Evaluated& e) {
    Type("evaluated");
    Add(R"(,"node":"{}","scope":{},"examples":{},"loss":{},"accuracy":{})", addresses_[e.node],
        JsonString(delstep::Name(e.scope)), e.examples, JsonNumber(e.loss), JsonNumber(e.accuracy));
  }
  void operator()(const Queued& e) {
    Type("queued");
    Add(e.message);
  }
  void operator()(const Sent& e) {
    Type("sent");
    Add(e.message);
  }
  void operator()(const Delivered& e) {
    Type("delivered");
    Add(e.message);
    Join(R"(,"sent":)", Nanoseconds(e.sent), R"(,"arrived":)", Nanoseconds(e.arrived));
  }
  void operator()(const Lost& e) {
    Type("lost");
    Add(e.message);
    Add(R"(,"sent":{},"ended":{},"reason":"{}")", Nanoseconds(e.sent), Nanoseconds(e.at),
        delstep::Name(e.reason));
  }
  // The event brings the address itself: nobody need know the node before.
  void operator()(const NodeAdded& e) {
    Type("node_added");
    Add(R"(,"node":"{}","name":{},"examples":{},"like":)", e.address, JsonString(e.name),
        e.samples);
    out_ += e.like ? '"' + addresses_[*e.like] + '"' : "null";
  }
  void operator()(const NodeRemoved& e) { OfNode("node_removed", e.node); }
  void operator()(const NodeWentDown& e) {
    OfNode("node_went_down", e.node);
    Add(R"(,"planned":{})", e.planned);
  }
  void operator()(const NodeCameUp& e) {
    OfNode("node_came_up", e.node);
    Add(R"(,"planned":{})", e.planned);
  }
  void operator()(const ContactBegan& e) { OfPair("contact_began", e.a, e.b); }
  void operator()(const ContactEnded& e) {
    OfPair("contact_ended", e.a, e.b);
    Add(R"(,"began":{})", Nanoseconds(e.began));
  }
  void operator()(const NodeMoved& e) {
    OfNode("node_moved", e.node);
    Add(R"(,"x":{},"y":{})", JsonNumber(e.x), JsonNumber(e.y));
  }
  void operator()(const TurnTaken& e) {
    OfNode("turn_taken", e.node);
    Add(R"(,"behaviour":{},"turn":{})", JsonString(e.behaviour), e.turn);
  }
  void operator()(const AttackChanged& e) {
    OfNode("attack_changed", e.node);
    Add(R"(,"attack":{})", JsonString(e.attack));
  }
  void operator()(const PlanMade& e) {
    Type("plan_made");
    Add(R"(,"plan":{},"due":{},"every":{},"command":{})", e.plan, Nanoseconds(e.at),
        e.every ? std::to_string(e.every->count()) : "null", JsonString(e.command));
  }
  void operator()(const PlanDeleted& e) {
    Type("plan_deleted");
    Add(R"(,"plan":{})", e.plan);
  }
  void operator()(const DefaultLinkChanged& e) {
    Type("default_link_changed");
    Add(e.link);
  }
  void operator()(const LinkChanged& e) {
    Type("link_changed");
    Add(R"(,"from":"{}","to":"{}","made":{})", addresses_[e.from], addresses_[e.to], e.made);
    Add(e.link);
  }
  void operator()(const RateChanged& e) {
    OfNode("rate_changed", e.node);
    Add(R"(,"rate":{})", JsonNumber(e.rate));
  }
  void operator()(const GroupCreated& e) {
    Type("group_created");
    Add(R"(,"group":{},"emptied":{})", JsonString(e.group), e.emptied);
  }
  void operator()(const GroupDeleted& e) {
    Type("group_deleted");
    Add(R"(,"group":{})", JsonString(e.group));
  }
  void operator()(const GroupJoined& e) {
    OfNode("group_joined", e.node);
    Add(R"(,"group":{})", JsonString(e.group));
  }
  void operator()(const GroupLeft& e) {
    OfNode("group_left", e.node);
    Add(R"(,"group":{})", JsonString(e.group));
  }
  void operator()(const CycleAdvanced& e) {
    Type("cycle_advanced");
    Add(R"(,"new_cycle":{})", e.cycle);
  }
  void operator()(const ConfigChanged& e) {
    Type("config_changed");
    Add(R"(,"key":{},"value":{})", JsonString(e.key), JsonString(e.value));
    if (e.nodes.empty()) return;
    out_ += R"(,"addresses":)";
    Add(e.nodes);
  }
  void operator()(const LabelsChanged& e) {
    OfNode("labels_changed", e.node);
    Add(R"(,"how":{},"changed_labels":{})", JsonString(delstep::Name(e.change)), e.changed);
  }
  void operator()(const ModelImported& e) {
    OfNode("model_imported", e.node);
    Add(R"(,"file":{},"tensors":{})", JsonString(e.file), e.tensors);
  }
  void operator()(const Restored&) { Type("restored"); }
  void operator()(const MomentMade& e) {
    Type("moment_made");
    Add(R"(,"moment":{},"parent":{},"branch":{})", e.moment, e.parent, JsonString(e.branch));
  }
  void operator()(const WentTo& e) {
    Type("went_to");
    Add(R"(,"moment":{},"from_moment":{},"branch":{})", e.moment, e.from, JsonString(e.branch));
  }
  void operator()(const MarkSet& e) {
    Type("mark_set");
    Add(R"(,"mark":{},"moment":{})", JsonString(e.mark), e.moment);
  }
  void operator()(const BranchMade& e) {
    Type("branch_made");
    Add(R"(,"branch":{},"moment":{})", JsonString(e.branch), e.moment);
  }
  void operator()(const BranchDeleted& e) {
    Type("branch_deleted");
    Add(R"(,"branch":{})", JsonString(e.branch));
  }
  void operator()(const CommandDone& e) {
    Type("command_done");
    Add(R"(,"command":{},"code":{},"message":{})", JsonString(e.text), e.code,
        JsonString(e.message));
  }

  void Begin(const Event& event) {
    // Kept for Type(), which each kind of event calls first.
    time_ = Nanoseconds(event.at);
    cycle_ = event.cycle;
  }

 private:
  void Type(std::string_view type) {
    Join(R"({"v":)", kEventVersion, R"(,"type":")", type, R"(","t":)", time_, R"(,"cycle":)",
         cycle_);
  }
  void OfNode(std::string_view type, NodeId node) {
    Type(type);
    Add(R"(,"node":"{}")", addresses_[node]);
  }
  void OfPair(std::string_view type, NodeId a, NodeId b) {
    Type(type);
    Add(R"(,"a":"{}","b":"{}")", addresses_[a], addresses_[b]);
  }
  void Add(const std::vector<NodeId>& nodes) {
    AddList(nodes, [&](NodeId node) { return fmt::format(R"("{}")", addresses_[node]); });
  }
  template <class T, class Print>
  void AddList(const std::vector<T>& list, Print print) {
    out_ += '[';
    for (std::size_t i = 0; i < list.size(); ++i) Add("{}{}", i == 0 ? "" : ",", print(list[i]));
    out_ += ']';
  }
  void Add(const Message& message) {
    Join(R"(,"message":)", static_cast<std::uint64_t>(message.id), R"(,"from":")",
         addresses_[message.from], R"(","to":")", addresses_[message.to], R"(","bytes":)",
         message.bytes);
  }
  void Add(const LinkProperties& link) {
    Add(R"(,"loss":{},"latency":{},"bandwidth":{},"up":{})", JsonNumber(link.loss),
        LatencyJson(link.latency), JsonNumber(link.bandwidth), link.up);
  }
  /// The parts one after the other. A command may have millions of messages: to read a format for
  /// each of them takes as long as all the rest.
  template <class... Parts>
  void Join(const Parts&... parts) {
    (Append(parts), ...);
  }
  void Append(std::string_view text) { out_ += text; }
  template <std::integral T>
  void Append(T number) {
    const fmt::format_int digits(number);
    out_.append(digits.data(), digits.size());
  }
  template <class... Parts>
  void Add(fmt::format_string<Parts...> format, Parts&&... parts) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Parts>(parts)...);
  }

  const AddressBook& addresses_;
  std::string& out_;
  std::int64_t time_ = 0;
  std::uint64_t cycle_ = 0;
};

}  // namespace

// std::visit: an event without a writer does not compile.
void AppendEventJson(const Event& event, const AddressBook& addresses, std::string& out) {
  MemberWriter writer(addresses, out);
  writer.Begin(event);
  std::visit(writer, event.what);
  out += "}\n";
}

}  // namespace delstep
