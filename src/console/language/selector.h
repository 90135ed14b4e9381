#pragma once
/// Words that choose nodes: `10.0.0.3`, `alice`, `10.0.0.[1-20]`, `@g1`, `all`.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/language/script.h"
#include "delstep/simulation.h"

namespace delstep {

struct Selector {
  enum class Kind { kNode, kRange, kGroup, kAll };
  Kind kind = Kind::kAll;
  std::string name{};       ///< kNode: address or name; kGroup: without the @
  Address first{}, last{};  ///< kRange
};
/// The form only. Errors: kUsage.
Result<Selector> ParseSelector(std::string_view text);
/// Who is there: of the simulation, or of --check, which runs nothing.
class Directory {
 public:
  virtual ~Directory() = default;
  virtual std::vector<NodeId> Nodes() const = 0;
  virtual std::optional<NodeId> Find(std::string_view address_or_name) const = 0;
  /// The last of those that have left; nothing if none was called so.
  virtual std::optional<NodeId> FindLeft(std::string_view address_or_name) const = 0;
  virtual bool IsUp(NodeId node) const = 0;
  virtual std::string AddressOf(NodeId node) const = 0;
  virtual std::string NameOf(NodeId node) const = 0;
  /// Members in the order in which they joined; nothing if there is no such group.
  virtual std::optional<std::vector<NodeId>> Group(std::string_view name) const = 0;
  virtual std::vector<std::string> GroupNames() const = 0;
};

class SimulationDirectory : public Directory {
 public:
  explicit SimulationDirectory(const Simulation& simulation) : simulation_(simulation) {}
  std::vector<NodeId> Nodes() const override { return simulation_.Nodes(); }
  std::optional<NodeId> Find(std::string_view word) const override {
    return simulation_.Find(word);
  }
  std::optional<NodeId> FindLeft(std::string_view word) const override {
    return simulation_.FindLeft(word);
  }
  bool IsUp(NodeId node) const override { return simulation_.IsUp(node); }
  std::string AddressOf(NodeId node) const override { return simulation_.AddressOf(node); }
  std::string NameOf(NodeId node) const override { return simulation_.NameOf(node); }
  std::optional<std::vector<NodeId>> Group(std::string_view name) const override;
  std::vector<std::string> GroupNames() const override;

 private:
  const Simulation& simulation_;
};

/// The hint of errors about nodes that there are not.
constexpr std::string_view kListNodesHint = "list the nodes: neighborhood";

/// A selector and the word it came from.
struct Choice {
  Selector selector;
  const Word* word = nullptr;
};
struct NodeSet {
  std::vector<NodeId> nodes;    ///< in the order chosen, each once
  std::vector<NodeId> skipped;  ///< down, chosen by `all` or a group
};
enum class DownNodes { kRefuse, kAllow };
/// No choice is `all`. Errors (kRefused, at the word): unknown node or group, a group without
/// members, a node that is down and named singly, nothing left.
Result<NodeSet> Resolve(std::span<const Choice> choices, const Directory& directory,
                        DownNodes down);
/// A single node by address or name.
Result<NodeId> FindNode(const Word& word, const Directory& directory);
/// The members of a group. Errors: kRefused.
Result<std::vector<NodeId>> FindGroup(const Word& word, std::string_view name,
                                      const Directory& directory);
/// Down members are left out. Errors: kRefused: no such group, no members, none of them up.
Result<NodeSet> UpMembers(const Word& word, std::string_view name, const Directory& directory);

/// Addresses and names of all nodes: what a word may have meant.
std::vector<std::string> NodeWords(const Directory& directory);
/// What people call a node: its name, or its address where it has none.
std::string CalledName(NodeId node, const Directory& directory);
/// "ann, 10.0.0.5, … 6 more", of more than `shown` nodes.
std::string NodeList(std::span<const NodeId> nodes, const Directory& directory, std::size_t shown);

}  // namespace delstep
