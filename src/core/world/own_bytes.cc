#include "core/world/own_bytes.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/world/fields.h"

namespace delstep {
namespace {

/// Of an entry of a map or hash map, beside its content.
constexpr Bytes kEntry = 4 * sizeof(void*);

/// An archive that hands every field to Add(), whatever its kind: records of the past take memory
/// too.
template <class Archive>
class EachField {
 public:
  template <class T>
  void State(const char* /*name*/, const T& field) {
    archive().Add(field);
  }
  template <class T>
  void Record(const char* /*name*/, const T& field) {
    archive().Add(field);
  }
  template <class T>
  void Derived(const char* /*name*/, const T& field) {
    archive().Add(field);
  }

 private:
  Archive& archive() { return static_cast<Archive&>(*this); }
};

/// What a struct holds in Cows of its own.
class SharedValues : public EachField<SharedValues> {
 public:
  template <class T>
  void Add(const Cow<T>& shared) {
    Note(shared.identity());
  }
  void Add(const Guestbook& guestbook) { Note(guestbook.identity()); }
  void Add(const OriginRef& origin) {
    if (!origin) return;
    Note(origin.get());
    Note(origin->base.get());
  }
  void Add(const CycleRecord& record) { Fields(*this, record); }
  template <class T>
  void Add(const T& /*other*/) {}

  /// What was never written takes nothing.
  bool Has(const void* identity) const {
    return identity == nullptr || std::find(identities_.begin(), end(), identity) != end();
  }

 private:
  void Note(const void* identity) {
    assert(count_ < identities_.size());
    identities_[count_++] = identity;
  }
  const void* const* end() const { return identities_.begin() + count_; }

  // A struct has a handful, and this is asked of each node after each command.
  std::array<const void*, 24> identities_;
  std::size_t count_ = 0;
};

/// Counts what lies outside of a struct: what its lists hold, and the Cows that `known` lacks.
class Outside : public EachField<Outside> {
 public:
  explicit Outside(const SharedValues& known) : known_(known) {}
  Bytes bytes() const { return bytes_; }

  template <class T>
  void Add(const Cow<T>& shared) {
    if (known_.Has(shared.identity())) return;
    bytes_ += sizeof(T);
    Add(*shared);
  }
  void Add(const Guestbook& guestbook) {
    if (!known_.Has(guestbook.identity())) AddList(guestbook.records());
  }
  /// Nodes that average the same have one list of shares together; it is counted at each.
  void Add(const OriginRef& origin) {
    if (!origin || known_.Has(origin.get())) return;
    bytes_ += sizeof(ModelOrigin);
    if (!known_.Has(origin->base.get()))
      bytes_ += sizeof(Provenance) + origin->base->shares.bytes();
  }
  /// Of the meetings only the newest is new.
  void Add(const Cow<Meetings>& meetings) {
    if (known_.Has(meetings.identity()) || meetings->empty()) return;
    bytes_ += sizeof(Meetings) + meetings->size() * sizeof(meetings->front()) +
              meetings->back()->inputs.size() * sizeof(MeetingInput);
  }
  /// What is in a message belongs to its sender.
  void Add(const SharedModel& /*model*/) {}
  void Add(const GroupMembers& members) {
    // With a bit per node, of which there are about as many.
    bytes_ += members.size() * sizeof(NodeId) + members.size() / 8;
  }
  void Add(const std::string& text) { bytes_ += text.size(); }
  template <class T>
  void Add(const std::vector<T>& list) {
    AddList(list);
  }
  template <class T>
  void Add(const std::deque<T>& list) {
    AddList(list);
  }
  template <class K, class V>
  void Add(const std::map<K, V>& map) {
    AddMap(map);
  }
  template <class K, class V>
  void Add(const std::unordered_map<K, V>& map) {
    AddMap(map);
  }
  template <class T>
  void Add(const std::unordered_set<T>& set) {
    bytes_ += set.size() * (kEntry + sizeof(T));
  }
  template <class T>
  void Add(const std::optional<T>& value) {
    if (value) Add(*value);
  }
  // Pools count rows, and lists of examples and labels are made once for the run.
  void Add(const Row& /*row*/) {}
  template <class T>
  void Add(const std::shared_ptr<T>& /*made once*/) {}
  // Told apart by their parts: see OwnBytes().
  void Add(const Nodes& /*nodes*/) {}
  void Add(const LatencyRecord& /*record*/) {}
  void Add(const DeliveryLog& /*deliveries*/) {}
  void Add(const TrafficByLink& /*links*/) {}
  void Add(const Parcels& /*messages*/) {}
  void Add(const MailCounts& /*mail*/) {}
  void Add(const MetPairs& /*met*/) {}
  void Add(const OwnedNetwork& /*network*/) {}
  template <class T>
  requires requires(Outside& archive, const T& fields) { Fields(archive, fields); }
  void Add(const T& fields) { Fields(*this, fields); }
  /// Numbers and the like lie inside.
  template <class T>
  requires(std::is_trivially_copyable_v<T> && !requires(Outside & archive, const T& fields) {
    Fields(archive, fields);
  }) void Add(const T& /*inside*/) {}

 private:
  template <class List>
  void AddList(const List& list) {
    using Item = std::remove_cvref_t<decltype(*list.begin())>;
    bytes_ += list.size() * sizeof(Item);
    if constexpr (!std::is_trivially_copyable_v<Item>)
      for (const Item& item : list) Add(item);
  }
  template <class Map>
  void AddMap(const Map& map) {
    bytes_ += map.size() * (kEntry + sizeof(typename Map::value_type));
    if constexpr (!std::is_trivially_copyable_v<typename Map::mapped_type>)
      for (const auto& [key, value] : map) Add(value);
  }

  const SharedValues& known_;
  Bytes bytes_ = 0;
};

/// What `value` has outside of itself and does not share with `base` (null: there is none).
template <class T>
Bytes BytesOutside(const T& value, const T* base) {
  SharedValues known;
  if (base) Fields(known, *base);
  Outside outside(known);
  Fields(outside, value);
  return outside.bytes();
}

Bytes BytesOfNodes(const Nodes& nodes, const Nodes& base) {
  Bytes bytes = nodes.size() * sizeof(Cow<Node>);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool known = i < base.size();
    if (known && nodes.Shares(base, i)) continue;
    bytes += sizeof(Node) + BytesOutside(nodes[i], known ? &base[i] : nullptr);
  }
  return bytes;
}

/// `base` may be null.
Bytes BytesOfSettings(const Scenario& scenario, const Scenario* base) {
  const auto of_table = [](const auto& table, const auto& other) -> Bytes {
    return table && table != other ? table->size() : 0;
  };
  const Scenario none;
  if (base == nullptr) base = &none;
  return sizeof(Scenario) + of_table(scenario.compute.table, base->compute.table) +
         of_table(scenario.churn.table, base->churn.table);
}

}  // namespace

Bytes OwnBytes(const World& world, const World& base) {
  Bytes bytes = sizeof(World) + BytesOutside(world, &base) + BytesOfNodes(world.nodes, base.nodes) +
                world.outbox->OwnBytes(*base.outbox) + world.in_flight.OwnBytes(base.in_flight) +
                world.mail.OwnBytes(base.mail) +
                world.traffic.latency.OwnBytes(base.traffic.latency) +
                world.traffic.links.OwnBytes(base.traffic.links) + world.met.OwnBytes(base.met) +
                world.cycle_record.deliveries.OwnBytes(base.cycle_record.deliveries);
  // Time that passed while no message began or ended has changed the clock alone.
  const auto on_the_way = [](const World& of) { return of.network ? of.network->in_flight() : 0; };
  if (on_the_way(world) != on_the_way(base)) bytes += on_the_way(world) * sizeof(Outcome);
  if (world.scenario != base.scenario)
    bytes += BytesOfSettings(*world.scenario, base.scenario.get());
  return bytes;
}

}  // namespace delstep
