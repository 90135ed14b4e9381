#include "core/world/world_hash.h"

#include <algorithm>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/hash.h"
#include "core/world/fields.h"

namespace delstep {
namespace {

/// The archive that hashes: names do not count, only values in their order. A list begins with its
/// length, so that no two lists run into each other.
class WorldDigest {
 public:
  /// Hashes of rows that are not here (Row::here()), by Row::identity().
  using Known = std::unordered_map<const void*, std::uint64_t>;
  explicit WorldDigest(Known known = {}) : rows_(std::move(known)) {}

  template <class T>
  void State(std::string_view /*name*/, const T& field) {
    Add(field);
  }
  template <class T>
  void Record(std::string_view /*name*/, const T& /*field*/) {}
  template <class T>
  void Derived(std::string_view /*name*/, const T& /*field*/) {}

  std::uint64_t value() const { return hash_; }
  /// Rows whose hashes were not known, and are not here to be hashed: then value() means nothing.
  const std::vector<Row>& missing() const { return missing_; }

 private:
  void Mix(std::uint64_t value) { hash_ = HashBytes(std::as_bytes(std::span(&value, 1)), hash_); }

  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void Add(T value) { Mix(static_cast<std::uint64_t>(value)); }
  void Add(double value) { Mix(std::bit_cast<std::uint64_t>(value)); }
  void Add(Duration duration) { Add(duration.count()); }
  void Add(SimTime time) { Add(time.time_since_epoch()); }
  void Add(Address address) { Add(address.value); }
  void Add(const std::string& text) { Mix(HashText(text)); }
  template <class T>
  void Add(const Cow<T>& shared) {
    Add(*shared);
  }
  void Add(const Nodes& nodes) { AddList(nodes); }
  void Add(const std::shared_ptr<const Scenario>& scenario) { Add(*scenario); }
  void Add(const Guestbook& guestbook) { AddList(guestbook.records()); }
  /// Many nodes and messages share rows: each is hashed once.
  void Add(const Row& row) {
    if (row.empty()) return Mix(0);
    const auto [place, fresh] = rows_.try_emplace(row.identity(), 0);
    if (fresh && row.here()) place->second = HashRow(row);
    if (fresh && !row.here()) missing_.push_back(row);
    Mix(place->second);
  }
  void Add(const std::shared_ptr<const std::vector<std::uint32_t>>& examples) {
    AddShared(examples, [](const auto& list) { return HashBytes(std::as_bytes(std::span(list))); });
  }
  /// A table that a file held. Without one nothing is hashed: such runs have the hashes that they had
  /// when tables were not covered.
  void Add(const std::shared_ptr<const std::string>& table) {
    if (table) AddShared(table, [](const std::string& text) { return HashText(text); });
  }
  void Add(const std::shared_ptr<const OwnLabels>& own) {
    AddShared(own, [](const OwnLabels& labels) {
      return HashBytes(std::as_bytes(std::span(labels.labels)));
    });
  }
  /// What it would save. A backend that cannot decides the future by what nobody can look at.
  void Add(const OwnedNetwork& network) {
    if (!network) return Mix(0);
    const auto saved = network->Save();
    Mix(saved ? HashText(*saved) : 1);
  }
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
  template <class T>
  void Add(const std::vector<T>& list) {
    AddList(list);
  }
  template <class T>
  void Add(const std::deque<T>& list) {
    AddList(list);
  }
  template <class T, std::size_t kSize>
  void Add(const std::array<T, kSize>& list) {
    AddList(list);
  }
  template <class K, class V>
  void Add(const std::map<K, V>& map) {
    AddList(map);
  }
  template <class T, class Less>
  void Add(const std::set<T, Less>& set) {
    AddList(set);
  }
  // What has no order of its own gets one.
  template <class T>
  void Add(const std::unordered_set<T>& set) {
    AddList(std::set<T>(set.begin(), set.end()));
  }
  void Add(const GroupMembers& members) { AddList(members.list()); }
  void Add(const Parcels& messages) {
    Add(messages.size());
    messages.ForEach([&](const ModelMessage& message) { Add(message); });
  }
  /// Everything else is a struct with fields.
  template <class T>
  requires requires(WorldDigest& digest, const T& fields) { Fields(digest, fields); }
  void Add(const T& fields) { Fields(*this, fields); }

  template <class List>
  void AddList(const List& list) {
    Add(list.size());
    for (const auto& item : list) Add(item);
  }
  template <class T, class Hash>
  void AddShared(const std::shared_ptr<const T>& shared, Hash hash) {
    if (!shared) return Mix(0);
    const auto [place, fresh] = shared_.try_emplace(shared.get(), 0);
    if (fresh) place->second = hash(*shared);
    Mix(place->second);
  }

  std::uint64_t hash_ = 0;
  std::unordered_map<const void*, std::uint64_t> rows_, shared_;
  std::vector<Row> missing_;
};

/// What add(digest) comes to. Rows that lie in other processes are hashed there, all at once.
template <class Add>
std::uint64_t Digest(Add add) {
  WorldDigest digest;
  add(digest);
  const std::vector<Row>& missing = digest.missing();
  if (missing.empty()) return digest.value();
  const std::vector<std::uint64_t> hashes = missing.front().others()->Hash(missing);
  WorldDigest::Known known;
  for (std::size_t i = 0; i < missing.size(); ++i) known[missing[i].identity()] = hashes[i];
  WorldDigest whole(std::move(known));
  add(whole);
  return whole.value();
}

/// The archive that hashes each field of one struct by itself.
class HashByField {
 public:
  template <class T>
  void State(const char* name, const T& field) {
    hashes_.emplace_back(name, Digest([&](WorldDigest& digest) { digest.State(name, field); }));
  }
  template <class T>
  void Record(const char* /*name*/, const T& /*field*/) {}
  template <class T>
  void Derived(const char* /*name*/, const T& /*field*/) {}

  const std::vector<std::pair<std::string, std::uint64_t>>& hashes() const { return hashes_; }

 private:
  std::vector<std::pair<std::string, std::uint64_t>> hashes_;
};

/// Names of the fields in which two structs differ, after `prefix`; without the field `but`.
template <class T>
void AddDifferent(const T& a, const T& b, const std::string& prefix, std::string_view but,
                  std::vector<std::string>& names) {
  HashByField of_a, of_b;
  Fields(of_a, a);
  Fields(of_b, b);
  for (std::size_t i = 0; i < of_a.hashes().size(); ++i) {
    const auto& [name, hash] = of_a.hashes()[i];
    if (name != but && hash != of_b.hashes()[i].second) names.push_back(prefix + name);
  }
}

}  // namespace

std::uint64_t HashRow(const Row& row) { return HashBytes(std::as_bytes(row.view())); }

std::uint64_t HashWorld(const World& world) {
  return Digest([&](WorldDigest& digest) { Fields(digest, world); });
}

std::vector<std::string> DifferentFields(const World& a, const World& b) {
  std::vector<std::string> names;
  AddDifferent(a, b, "", "nodes", names);
  if (a.nodes.size() != b.nodes.size()) names.push_back("number of nodes");
  for (std::size_t i = 0; i < std::min(a.nodes.size(), b.nodes.size()); ++i)
    if (!a.nodes.Shares(b.nodes, i))
      AddDifferent(a.nodes[i], b.nodes[i], "node " + std::to_string(i) + ": ", "", names);
  return names;
}

}  // namespace delstep
