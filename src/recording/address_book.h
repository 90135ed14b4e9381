#pragma once
/// Addresses of all nodes that ever were: what records say instead of numbers.
#include <cassert>
#include <string>
#include <vector>

#include "delstep/event.h"
#include "delstep/simulation.h"

namespace delstep {

class AddressBook {
 public:
  AddressBook() = default;
  explicit AddressBook(const Simulation& simulation) {
    for (std::size_t i = 0; i < simulation.node_numbers(); ++i)
      Add(static_cast<NodeId>(i), simulation.AddressOf(static_cast<NodeId>(i)));
  }

  void Add(NodeId node, std::string address) {
    if (addresses_.size() <= Index(node)) addresses_.resize(Index(node) + 1);
    addresses_[Index(node)] = std::move(address);
  }
  /// Takes over a NodeAdded; other events say nothing new.
  void Learn(const Event& event) {
    if (const auto* added = std::get_if<NodeAdded>(&event.what)) Add(added->node, added->address);
  }
  const std::string& operator[](NodeId node) const {
    assert(Index(node) < addresses_.size());
    return addresses_[Index(node)];
  }

 private:
  std::vector<std::string> addresses_;  // by node
};

}  // namespace delstep
