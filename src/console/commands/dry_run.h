#pragma once
/// What --check follows commands with, without running them: who would be there, what would be set
/// and what would be queued.
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "console/commands/command_table.h"
#include "console/language/command_queue.h"
#include "console/language/pattern.h"
#include "console/language/selector.h"
#include "delstep/registry.h"
#include "scenario/config.h"

namespace delstep {

/// The nodes and groups as commands would leave them.
class DryRunDirectory : public Directory {
 public:
  /// Starts as the simulation is.
  explicit DryRunDirectory(const Simulation& simulation);

  std::vector<NodeId> Nodes() const override;
  std::optional<NodeId> Find(std::string_view address_or_name) const override;
  std::optional<NodeId> FindLeft(std::string_view address_or_name) const override;
  bool IsUp(NodeId node) const override;
  std::string AddressOf(NodeId node) const override;
  std::string NameOf(NodeId node) const override;
  std::optional<std::vector<NodeId>> Group(std::string_view name) const override;
  std::vector<std::string> GroupNames() const override;

  /// Without an address: the next default one that is free. `fresh`: with data from the undealt
  /// rest. Errors, as the simulation's: kRefused.
  Result<void> Add(std::optional<Address> address, std::string name, bool fresh);
  void Remove(NodeId node);
  void SetUp(NodeId node, bool up);
  void CreateGroup(const std::string& name);
  void DeleteGroup(std::string_view name);
  void AddToGroup(std::string_view name, std::span<const NodeId> nodes);
  void RemoveFromGroup(std::string_view name, std::span<const NodeId> nodes);

 private:
  struct Node {
    std::string address, name;
    bool present = true, up = true;
  };
  std::vector<NodeId>* Members(std::string_view name);
  bool WasUsed(std::string_view address) const;

  std::vector<Node> nodes_;  // by NodeId, with those that left
  std::uint64_t each_ = 0;   // examples that a new node gets, 0: there is no rest
  std::uint64_t undealt_ = 0;
  std::vector<std::pair<std::string, std::vector<NodeId>>> groups_;
};

/// What the `follow` of a command may read and change.
struct DryRun {
  const Simulation& simulation;  ///< as it is before the first command
  const Registry& registry;
  DryRunDirectory directory;
  Config config;
  CommandQueue queue{};
  // Of the present command:
  CommandArguments arguments{};
  Targets targets{};
  bool forms_only = false;  ///< only what is wrong whatever the state is wanted: each file once
  std::set<std::string> loaded{};  ///< the files that were followed, where forms_only
  /// out: the run has gone to another moment, so who is there is not known any more.
  bool went = false;
  bool ended = false;             ///< out: the program ends here; nothing after it runs
  std::uint64_t most_rounds = 1;  ///< of a repeat that changes who is there; others have one
};

/// Whether the folder is there that a command would write this file into. Errors, at the word:
/// kFile.
Result<void> CheckFolderOf(const Word& file);

}  // namespace delstep
