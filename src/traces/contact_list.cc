#include "traces/contact_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "traces/node_ids.h"

namespace delstep {

ContactList::ContactList(std::vector<Contact> contacts) {
  for (Contact& contact : contacts)
    if (contact.b < contact.a) std::swap(contact.a, contact.b);
  std::ranges::sort(contacts, {}, [](const Contact& contact) {
    return std::tuple(contact.a, contact.b, contact.begins, contact.ends);
  });
  for (const Contact& contact : contacts) {
    // They come in order of their beginnings, so only the last one can overlap.
    if (!contacts_.empty() && contacts_.back().a == contact.a && contacts_.back().b == contact.b &&
        contact.begins <= contacts_.back().ends)
      contacts_.back().ends = std::max(contacts_.back().ends, contact.ends);
    else
      contacts_.push_back(contact);
  }
  for (const Contact& contact : contacts_) {
    changes_.push_back({contact.begins, contact.a, contact.b, true});
    if (contact.ends < SimTime::max())
      changes_.push_back({contact.ends, contact.a, contact.b, false});
  }
  std::ranges::sort(changes_, {}, [](const ContactChange& change) {
    return std::tuple(change.at, change.begins, change.a, change.b);
  });
}

std::vector<ContactPlan::Pair> ContactList::DoAt(std::size_t nodes, SimTime time) const {
  std::vector<Pair> pairs;
  for (const Contact& contact : contacts_)
    if (contact.begins <= time && time < contact.ends && Index(contact.b) < nodes)
      pairs.emplace_back(contact.a, contact.b);
  return pairs;
}

std::vector<ContactChange> ContactList::DoChanges(std::size_t nodes, SimTime after,
                                                  SimTime until) const {
  std::vector<ContactChange> changes;
  for (auto change = std::ranges::upper_bound(changes_, after, {}, &ContactChange::at);
       change != changes_.end() && change->at <= until; ++change)
    if (Index(change->b) < nodes) changes.push_back(*change);
  return changes;
}

SimTime ContactList::DoRestsFrom() const {
  return changes_.empty() ? SimTime{} : changes_.back().at;
}

Duration ContactList::DoWindow() const {
  // About so many changes at a time.
  constexpr std::int64_t kAtOnce = 1000;
  constexpr Duration kShortest = std::chrono::seconds(1);
  const auto count = static_cast<std::int64_t>(changes_.size()) / kAtOnce + 1;
  return std::max(kShortest, DoRestsFrom().time_since_epoch() / count);
}

Result<Graph> GraphOfContacts(ContactRows rows, const NodesOptions& nodes,
                              const std::string& file) {
  DELSTEP_ASSIGN(const NodesOfIds found, FindNodesOfIds(rows.ids(), nodes, file));
  std::vector<Contact> contacts;
  contacts.reserve(rows.rows().size());
  for (const ContactRows::Row& row : rows.rows())
    contacts.push_back({found.nodes[row.a], found.nodes[row.b], row.begins, row.ends});
  const auto plan = std::make_shared<const ContactList>(std::move(contacts));
  Graph graph{
      .nodes = static_cast<std::uint32_t>(found.count), .edges = {}, .labels = {}, .positions = {}};
  for (const auto& [a, b] : plan->At(found.count, SimTime{}))
    graph.edges.push_back(
        {static_cast<std::uint32_t>(Index(a)), static_cast<std::uint32_t>(Index(b))});
  const auto tell = [&](const std::string& note) {
    graph.notes.push_back(fmt::format("{}: {}", file, note));
  };
  for (const std::string& note : rows.notes()) tell(note);
  for (const std::string& note : found.notes) tell(note);
  if (const std::size_t missing = found.count - rows.ids().size(); missing > 0)
    tell(fmt::format("it has {}, so {} of {} {} in contact with nobody",
                     Count(rows.ids().size(), "id"), missing, Count(found.count, "node"),
                     missing == 1 ? "is" : "are"));
  graph.contacts = plan;
  return graph;
}

}  // namespace delstep
