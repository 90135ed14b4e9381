#pragma once
/// Contacts from a file as the plan of a topology.
#include <memory>
#include <string>

#include "delstep/contacts.h"
#include "delstep/graph.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "traces/contact_rows.h"

namespace delstep {

/// A contact of two nodes, a < b; from `begins` (included) to `ends` (not included).
struct Contact {
  NodeId a{}, b{};
  SimTime begins{}, ends{};
  friend bool operator==(const Contact&, const Contact&) = default;
};

/// Contacts that are all known from the start. Those of a pair that overlap or touch are one.
/// Threads: any number may ask at once.
class ContactList final : public ContactPlan {
 public:
  /// In any order. Requires a != b and begins < ends of each.
  explicit ContactList(std::vector<Contact> contacts);

  /// Ascending by (a, b, begins).
  const std::vector<Contact>& contacts() const { return contacts_; }

 private:
  std::vector<Pair> DoAt(std::size_t nodes, SimTime time) const override;
  std::vector<ContactChange> DoChanges(std::size_t nodes, SimTime after,
                                       SimTime until) const override;
  SimTime DoRestsFrom() const override;
  Duration DoWindow() const override;

  std::vector<Contact> contacts_;
  std::vector<ContactChange> changes_;
};

/// A graph whose edges come and go by the list; `file` stands in messages. Which node an id means:
/// FindNodesOfIds() in node_ids.h, whose errors it returns. Nodes that the list does not have are in
/// contact with nobody, and a note tells so.
Result<Graph> GraphOfContacts(ContactRows rows, const NodesOptions& nodes, const std::string& file);

}  // namespace delstep
