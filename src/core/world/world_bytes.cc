#include "core/world/world_bytes.h"

#include <algorithm>
#include <any>
#include <array>
#include <bit>
#include <concepts>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"
#include "core/world/fields.h"
#include "core/world/world_check.h"

namespace delstep {
namespace {

// Rows and lists of numbers are written as they lie in memory.
static_assert(std::endian::native == std::endian::little);

/// The one row of a node that is not as long as a model.
constexpr std::string_view kStateRow = "state";

template <class T>
concept Number = std::integral<T> || std::is_enum_v<T>;
/// Lists of plain numbers, of examples above all, take no more room than in memory.
template <class T>
concept Packed = std::integral<T> && !std::is_same_v<T, bool>;

/// Numbers what has come before, so that it is written once: 0 stands for nothing, k for the k-th.
class Numbering {
 public:
  /// The number, and whether it is new.
  std::pair<std::uint64_t, bool> Of(const void* identity) {
    const auto [place, fresh] = numbers_.try_emplace(identity, numbers_.size() + 1);
    return {place->second, fresh};
  }

 private:
  std::unordered_map<const void*, std::uint64_t> numbers_;
};

/// The archive that writes, one world after the other. Lists that have no order of their own get
/// one: equal worlds, equal bytes.
class WorldWriter {
 public:
  template <class T>
  void State(std::string_view name, const T& field) {
    if constexpr (std::is_same_v<T, Row>)
      AddRow(field, name == kStateRow);
    else
      Add(field);
  }
  template <class T>
  void Record(std::string_view name, const T& field) {
    State(name, field);
  }
  template <class T>
  void Derived(std::string_view /*name*/, const T& /*field*/) {}

  /// The next world. Returns what it has added.
  Result<Bytes> Write(const World& world) {
    const Bytes rows = row_bytes_;
    Fields(*this, world);
    if (error_) return *std::move(error_);
    saved_.fields.push_back(writer_.Take());
    return saved_.fields.back().size() + row_bytes_ - rows;
  }
  SavedWorlds Take() { return std::move(saved_); }

 private:
  template <Number T>
  void Add(T value) {
    writer_.Add(static_cast<std::uint64_t>(value));
  }
  void Add(double value) { writer_.Add(value); }
  void Add(Duration duration) { writer_.Add(std::int64_t{duration.count()}); }
  void Add(SimTime time) { Add(time.time_since_epoch()); }
  void Add(Address address) { Add(address.value); }
  void Add(const std::string& text) { writer_.Add(std::string_view(text)); }
  template <class T>
  void Add(const Cow<T>& shared) {
    if (IsNew(shared.identity())) Add(*shared);
  }
  void Add(const Nodes& nodes) {
    Add(std::uint64_t{nodes.size()});
    for (std::size_t i = 0; i < nodes.size(); ++i) Add(nodes.At(i));
  }
  /// The settings are the configuration's, which stands beside the bytes.
  void Add(const std::shared_ptr<const Scenario>& /*scenario*/) {}
  void Add(const Guestbook& guestbook) { AddList(guestbook.records()); }
  void Add(const LatencyRecord& record) {
    Add(std::uint64_t{record.next()});
    Add(record.Values());
  }
  void Add(const TrafficByLink& links) {
    Add(std::uint64_t{links.size()});
    links.ForEach([&](NodeId from, NodeId to, const LinkTraffic& traffic) {
      Add(std::pair(from, to));
      Add(traffic);
    });
  }
  void Add(const GroupMembers& members) { AddList(members.list()); }
  void Add(const Parcels& messages) {
    Add(std::uint64_t{messages.size()});
    messages.ForEach([&](const ModelMessage& message) { Add(message); });
  }
  /// In its own words, which only its own backend reads.
  void Add(const OwnedNetwork& network) {
    if (!IsNew(network.operator->())) return;
    auto state = network->Save();
    if (state)
      writer_.Add(std::string_view(*state));
    else if (!error_)
      error_ = std::move(state).error();
  }
  void Add(const MetPairs& met) {
    Add(std::uint64_t{met.size()});
    met.ForEach([&](NodeId a, NodeId b, const MetPair& pair) {
      Add(std::pair(a, b));
      Add(pair);
    });
  }
  void Add(const DeliveryLog& log) {
    Add(log.left_out());
    AddList(log.Values());
  }
  // Wherever else rows lie, they are models.
  void Add(const Row& row) { AddRow(row, false); }
  void AddRow(const Row& row, bool is_state) {
    if (row.empty()) return Add(std::uint64_t{0});
    const auto [number, fresh] = (is_state ? states_ : models_).Of(row.identity());
    if (fresh) {
      (is_state ? saved_.rows.states : saved_.rows.models).push_back(row);
      row_bytes_ += row.floats() * sizeof(float);
    }
    Add(number);
  }
  /// Writes the number of what may be shared; nothing for null. True: its value has to follow.
  bool IsNew(const void* identity) {
    if (identity == nullptr) return Add(std::uint64_t{0}), false;
    const auto [number, fresh] = shared_.Of(identity);
    Add(number);
    return fresh;
  }
  template <class T>
  void Add(const std::shared_ptr<const T>& shared) {
    if (IsNew(shared.get())) Add(*shared);
  }
  // Its data set is that of the run with these labels: that can be made again.
  void Add(const OwnLabels& own) { Add(own.labels); }
  template <class T>
  void Add(const std::optional<T>& value) {
    Add(value.has_value());
    if (value) Add(*value);
  }
  template <class A, class B>
  void Add(const std::pair<A, B>& pair) {
    Add(pair.first);
    Add(pair.second);
  }
  template <Packed T>
  void Add(const std::vector<T>& list) {
    writer_.Add(
        std::string_view(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T)));
  }
  template <class T>
  requires(!Packed<T>) void Add(const std::vector<T>& list) { AddList(list); }
  template <class T>
  void Add(const std::deque<T>& list) {
    AddList(list);
  }
  template <class T, std::size_t kSize>
  void Add(const std::array<T, kSize>& list) {
    for (const T& item : list) Add(item);
  }
  template <class K, class V>
  void Add(const std::map<K, V>& map) {
    AddList(map);
  }
  template <class T>
  void Add(const std::unordered_set<T>& set) {
    AddList(std::set<T>(set.begin(), set.end()));
  }
  template <class K, class V>
  void Add(const std::unordered_map<K, V>& map) {
    std::vector<K> keys;
    for (const auto& [key, value] : map) keys.push_back(key);
    std::ranges::sort(keys);
    Add(std::uint64_t{keys.size()});
    for (const K& key : keys) {
      Add(key);
      Add(map.at(key));
    }
  }
  template <class T>
  requires requires(WorldWriter& writer, const T& fields) { Fields(writer, fields); }
  void Add(const T& fields) { Fields(*this, fields); }
  template <class List>
  void AddList(const List& list) {
    Add(std::uint64_t{list.size()});
    for (const auto& item : list) Add(item);
  }

  ByteWriter writer_;
  Numbering models_, states_, shared_;
  SavedWorlds saved_;
  Bytes row_bytes_ = 0;  // of all rows so far
  std::optional<Error> error_;
};

/// The archive that reads, in the same order: one world after the other, as a later one refers to
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
  template <Number T>
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
  template <Packed T>
  void Read(std::vector<T>& list) {
    const std::string_view bytes = reader_.Text();
    reader_.Require(bytes.size() % sizeof(T) == 0);
    list.resize(reader_.ok() ? bytes.size() / sizeof(T) : 0);
    if (!list.empty()) std::memcpy(list.data(), bytes.data(), bytes.size());
  }
  template <class T>
  requires(!Packed<T>) void Read(std::vector<T>& list) { ReadList(list); }
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

/// Counts anew what Derived fields say. Worlds that shared all names still do. Requires that every
/// number of a node exists.
class Deriver {
 public:
  void Derive(World& world) {
    world.outbox->ForEach(
        [&](const ModelMessage& message) { ++world.mail.Write(message.header.from).outbox; });
    world.in_flight.ForEach([&](const ModelMessage& message) {
      ++world.mail.Write(message.header.from).in_flight_from;
      ++world.mail.Write(message.header.to).in_flight_to;
    });
    std::unordered_map<std::string, NodeId> names;
    for (const Node& node : world.nodes) {
      world.waiting += node.waiting->size();
      if (node.present) {
        names.emplace(ToString(node.address), node.id);
        if (!node.name.empty()) names.emplace(node.name, node.id);
      }
    }
    if (*names_ != names) names_ = std::move(names);
    world.by_name = names_;
  }

 private:
  Cow<std::unordered_map<std::string, NodeId>> names_;
};

Result<void> CheckStates(const World& world, std::size_t floats) {
  for (const Node& node : world.nodes)
    if (!node.state.empty() && node.state.floats() != floats)
      return BadFile("the saved state of the run is damaged: a node has another optimizer's state");
  return {};
}

}  // namespace

Result<SavedWorlds> SaveWorlds(std::span<const World* const> worlds, const Budget& budget) {
  WorldWriter writer;
  DELSTEP_ASSIGN(const Bytes first, writer.Write(*worlds.front()));
  const Bytes most = std::max(budget.least, budget.share * first);
  Bytes added = 0;
  for (const World* world : worlds.subspan(1)) {
    if (added > most) break;
    DELSTEP_ASSIGN(const Bytes own, writer.Write(*world));
    added += own;
  }
  return writer.Take();
}

Result<std::vector<std::optional<World>>> LoadWorlds(std::vector<WorldSource> sources,
                                                     const SavedRows& rows,
                                                     const Dataset& dataset) {
  std::vector<std::optional<World>> worlds;
  WorldReader reader(rows, dataset);
  Deriver deriver;
  for (WorldSource& source : sources) {
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
