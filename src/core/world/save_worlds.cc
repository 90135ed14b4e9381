#include "core/world/save_worlds.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/bytes.h"
#include "core/world/fields.h"

namespace delstep {
namespace {

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
  template <PlainNumber T>
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
  template <PackedNumber T>
  void Add(const std::vector<T>& list) {
    writer_.Add(
        std::string_view(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T)));
  }
  template <class T>
  requires(!PackedNumber<T>) void Add(const std::vector<T>& list) { AddList(list); }
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

}  // namespace

Result<SavedWorlds> SaveWorlds(std::span<const World* const> worlds, const Budget& budget) {
  WorldWriter writer;
  // The present world is saved whatever it takes, and says how much the moments before it may.
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

}  // namespace delstep
