#include "core/world/load_worlds.h"

#include <any>
#include <array>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"
#include "core/world/deriver.h"
#include "core/world/fields.h"
#include "core/world/world_check.h"

namespace delstep {
namespace {

/// The archive that reads, in the order of save_worlds.cc: one world after the other, as a later one refers to
/// what is in those before. It sees to types and ranges; what the values mean is
/// CheckWorld()'s.
class WorldReader {
 public:
  WorldReader(const SavedRows& rows, const Dataset& dataset) : rows_(rows), dataset_(dataset) {}

  Result<World> Read(WorldSource source) {
    reader_ = ByteReader(source.fields);
    network_ = std::move(source.network);
    World world;
    Fields(*this, world);
    if (error_) return *std::move(error_);
    if (!reader_.AtEnd()) return BadFile("the saved state of the run is damaged");
    world.scenario = std::move(source.scenario);
    return world;
  }

  template <class T>
  void State(std::string_view name, T& field) {
    if constexpr (std::is_same_v<T, Row>)
      ReadRow(field, name == kStateRow ? rows_.states : rows_.models);
    else
      Read(field);
  }
  template <class T>
  void Record(std::string_view name, T& field) {
    State(name, field);
  }
  template <class T>
  void Derived(std::string_view /*name*/, T& /*field*/) {}

 private:
  template <PlainNumber T>
  void Read(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = reader_.Flag();
    } else if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> number{};
      Read(number);
      value = static_cast<T>(number);
    } else if constexpr (std::is_signed_v<T>) {
      const std::int64_t number = reader_.Signed();
      reader_.Require(std::in_range<T>(number));
      value = reader_.ok() ? static_cast<T>(number) : T{};
    } else {
      value = static_cast<T>(reader_.NumberUpTo(std::numeric_limits<T>::max()));
    }
  }
  // Those that are switched on or index a table: past the last one there is nothing.
  void Read(Latency::Kind& kind) { ReadUpTo(kind, Latency::Kind::kExponential); }
  void Read(Attack::Kind& kind) { ReadUpTo(kind, Attack::Kind::kSame); }
  void Read(EvaluationScope::Kind& kind) { ReadUpTo(kind, EvaluationScope::Kind::kSample); }
  void Read(TrainingNews& news) { ReadUpTo(news, TrainingNews::kForeign); }
  void Read(MessageTag::Kind& kind) { ReadUpTo(kind, MessageTag::Kind::kReply); }
  void Read(ChangeKey::Kind& kind) { ReadUpTo(kind, ChangeKey::Kind::kAll); }
  void Read(LossReason& reason) { ReadUpTo(reason, static_cast<LossReason>(kLossReasons - 1)); }
  template <class T>
  void ReadUpTo(T& value, T last) {
    value = static_cast<T>(reader_.NumberUpTo(static_cast<std::uint64_t>(last)));
  }
  void Read(double& value) { value = reader_.Real(); }
  // No time lies before the start, and nothing takes less than no time.
  void Read(Duration& duration) {
    duration = Duration(reader_.Signed());
    reader_.Require(duration >= Duration(0));
  }
  void Read(SimTime& time) {
    Duration since{};
    Read(since);
    time = SimTime(since);
  }
  void Read(Address& address) { Read(address.value); }
  void Read(std::string& text) { text = std::string(reader_.Text()); }
  template <class T>
  void Read(Cow<T>& shared) {
    ReadShared<Cow<T>>(shared, [&] { Read(shared.Write()); });
  }
  // Made one by one, and none beyond what the bytes pay for.
  void Read(Nodes& nodes) {
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left) {
      Cow<Node> node;
      Read(node);
      nodes.Add(std::move(node));
    }
    nodes_ = nodes.size();
  }
  void Read(std::shared_ptr<const Scenario>& /*scenario*/) {}
  void Read(LatencyRecord& record) {
    std::uint64_t next = 0;
    std::vector<std::int64_t> values;
    Read(next);
    Read(values);
    // Until the ring is full nothing is overwritten.
    const bool full = values.size() == LatencyRecord::kCapacity;
    reader_.Require(full ? next < values.size()
                         : next == 0 && values.size() < LatencyRecord::kCapacity);
    if (reader_.ok()) record = LatencyRecord(values, next);
  }
  void Read(TrafficByLink& links) {
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left) {
      std::pair<NodeId, NodeId> ends;
      Read(ends);
      // The table has a place for each sender, so the number decides how much memory it takes.
      reader_.Require(Index(ends.first) < nodes_ && Index(ends.second) < nodes_);
      if (reader_.ok()) Read(links.Write(ends.first, ends.second));
    }
  }
  void Read(Guestbook& guestbook) {
    std::vector<Encounter> records;
    Read(records);
    // Write() takes an order and expiries for granted.
    for (std::size_t i = 0; i < records.size(); ++i)
      reader_.Require(records[i].expiry >= 1 && (i == 0 || records[i - 1].peer < records[i].peer));
    if (reader_.ok() && !records.empty()) guestbook.Write(std::move(records));
  }
  // A place for each node, so the number decides how much memory it takes.
  void Read(GroupMembers& members) {
    std::vector<NodeId> list;
    Read(list);
    for (const NodeId node : list) {
      reader_.Require(Index(node) < nodes_);
      if (reader_.ok()) reader_.Require(members.Add(node));
    }
  }
  void Read(Parcels& messages) {
    std::optional<std::uint64_t> last;
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left) {
      ModelMessage message;
      Read(message);
      const auto id = static_cast<std::uint64_t>(message.header.id);
      reader_.Require(!last || id > *last);
      last = id;
      if (reader_.ok()) messages.Add(std::move(message));
    }
  }
  void Read(OwnedNetwork& network) {
    ReadShared<OwnedNetwork>(network, [&] {
      const std::string_view state = reader_.Text();
      if (!reader_.ok()) return;
      // It checks its bytes by itself; what it says of messages is compared in CheckWorld().
      if (auto loaded = network_->Load(state); !loaded && !error_)
        error_ = std::move(loaded).error();
      network = OwnedNetwork(std::move(network_));
    });
  }
  void Read(MetPairs& met) {
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left) {
      std::pair<NodeId, NodeId> ends;
      Read(ends);
      reader_.Require(ends.first < ends.second && Index(ends.second) < nodes_);
      if (reader_.ok()) Read(met.Write(ends.first, ends.second));
    }
  }
  void Read(DeliveryLog& log) {
    std::uint64_t left_out = 0;
    std::vector<Delivery> deliveries;
    Read(left_out);
    Read(deliveries);
    reader_.Require(deliveries.size() <= DeliveryLog::kCapacity);
    if (reader_.ok()) log.Set(deliveries, left_out);
  }
  void Read(Row& row) { ReadRow(row, rows_.models); }
  void ReadRow(Row& row, const std::vector<Row>& rows) {
    if (const std::uint64_t number = reader_.NumberUpTo(rows.size()); number > 0)
      row = rows[number - 1];
  }
  template <class T>
  void Read(std::shared_ptr<const T>& shared) {
    ReadShared<std::shared_ptr<const T>>(shared, [&] {
      auto fresh = std::make_shared<T>();
      Read(*fresh);
      shared = std::move(fresh);
    });
  }
  /// `read` reads the value where it stands for the first time.
  template <class Handle>
  void ReadShared(Handle& handle, const auto& read) {
    const std::uint64_t number = reader_.NumberUpTo(known_.size() + 1);
    if (number == 0) return;
    if (number <= known_.size()) {
      // One numbering serves all types: the number of another type's is a lie, as is one's own.
      const Handle* known = std::any_cast<Handle>(&known_[number - 1]);
      reader_.Require(known != nullptr);
      if (known) handle = *known;
      return;
    }
    known_.emplace_back();  // what is inside comes after it
    read();
    if (reader_.ok() && !error_) Remember(number, handle);
  }
  template <class Handle>
  void Remember(std::uint64_t number, Handle& handle) {
    // Only what was kept can be copied. A network that cannot be is in one world alone.
    if constexpr (std::is_same_v<Handle, OwnedNetwork>)
      if (!handle.Keep()) return;
    known_[number - 1] = handle;
  }
  void Read(OwnLabels& own) {
    Read(own.labels);
    own.dataset = dataset_;
    reader_.Require(own.labels.size() == dataset_.size());
    for (const std::int32_t label : own.labels)
      reader_.Require(label >= 0 && label < dataset_.classes);
    if (reader_.ok()) own.dataset.labels = own.labels;
  }
  template <class T>
  void Read(std::optional<T>& value) {
    value.reset();
    if (reader_.Flag()) Read(value.emplace());
  }
  template <class A, class B>
  void Read(std::pair<A, B>& pair) {
    Read(pair.first);
    Read(pair.second);
  }
  template <PackedNumber T>
  void Read(std::vector<T>& list) {
    const std::string_view bytes = reader_.Text();
    reader_.Require(bytes.size() % sizeof(T) == 0);
    list.resize(reader_.ok() ? bytes.size() / sizeof(T) : 0);
    if (!list.empty()) std::memcpy(list.data(), bytes.data(), bytes.size());
  }
  template <class T>
  requires(!PackedNumber<T>) void Read(std::vector<T>& list) { ReadList(list); }
  template <class T>
  void Read(std::deque<T>& list) {
    ReadList(list);
  }
  template <class T, std::size_t kSize>
  void Read(std::array<T, kSize>& list) {
    for (T& item : list) Read(item);
  }
  template <class K, class V>
  void Read(std::map<K, V>& map) {
    ReadMap(map);
  }
  template <class K, class V>
  void Read(std::unordered_map<K, V>& map) {
    ReadMap(map);
  }
  template <class T>
  void Read(std::unordered_set<T>& set) {
    set.clear();
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left) {
      T item{};
      Read(item);
      reader_.Require(set.insert(item).second);
    }
  }
  template <class T>
  requires requires(WorldReader& reader, T& fields) { Fields(reader, fields); }
  void Read(T& fields) { Fields(*this, fields); }
  /// Item by item: a count that lies takes no memory beyond what the bytes themselves pay for.
  template <class List>
  void ReadList(List& list) {
    list.clear();
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left)
      Read(list.emplace_back());
  }
  template <class Map>
  void ReadMap(Map& map) {
    map.clear();
    for (std::size_t left = reader_.Count(8); left > 0 && reader_.ok(); --left) {
      typename Map::key_type key{};
      Read(key);
      const auto [place, fresh] = map.try_emplace(std::move(key));
      reader_.Require(fresh);
      Read(place->second);
    }
  }

  ByteReader reader_{{}};
  const SavedRows& rows_;
  std::unique_ptr<Network> network_;
  const Dataset& dataset_;
  /// What has come before that others may share, by its number.
  std::vector<std::any> known_;
  std::size_t nodes_ =
      0;  // known once they have been read; what refers to their number comes later
  std::optional<Error> error_;
};

// How long a state is follows from the optimizer that the scenario names, so it is the caller who
// knows.
Result<void> CheckStates(const World& world, std::size_t floats) {
  for (const Node& node : world.nodes)
    if (!node.state.empty() && node.state.floats() != floats)
      return BadFile("the saved state of the run is damaged: a node has another optimizer's state");
  return {};
}

}  // namespace

Result<std::vector<std::optional<World>>> LoadWorlds(std::vector<WorldSource> sources,
                                                     const SavedRows& rows,
                                                     const Dataset& dataset) {
  std::vector<std::optional<World>> worlds;
  WorldReader reader(rows, dataset);
  Deriver deriver;
  for (WorldSource& source : sources) {
    // What nobody wants is read all the same, as later worlds refer to it; but not judged.
    const bool wanted = source.scenario != nullptr;
    const std::size_t floats = source.state_floats;
    DELSTEP_ASSIGN(World world, reader.Read(std::move(source)));
    worlds.emplace_back();
    if (!wanted) continue;
    DELSTEP_TRY(CheckStates(world, floats));
    DELSTEP_TRY(CheckWorld(world, dataset));
    deriver.Derive(world);
    worlds.back() = std::move(world);
  }
  return worlds;
}

}  // namespace delstep
