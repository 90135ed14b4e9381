#include "plotting/contacts.h"

#include <algorithm>
#include <set>

namespace delstep {

std::vector<ContactCount> CountContacts(const std::vector<ContactEvent>& changes) {
  if (changes.empty()) return {};
  std::set<std::pair<std::string, std::string>> open;
  std::size_t at_start = 0;
  for (const ContactEvent& change : changes) {
    if (change.began)
      open.insert(change.pair);
    else if (open.erase(change.pair) == 0)
      ++at_start;
  }
  std::vector<ContactCount> counts = {{.time = 0, .count = static_cast<double>(at_start)}};
  for (const ContactEvent& change : changes) {
    const double count = counts.back().count + (change.began ? 1 : -1);
    if (change.time > counts.back().time)
      counts.push_back({.time = change.time, .count = count});
    else
      counts.back().count = count;
  }
  return counts;
}

std::vector<ContactCount> MeanContacts(const std::vector<ContactCount>& contacts, double end,
                                       std::size_t bins) {
  std::vector<ContactCount> means;
  std::size_t at = 0;  // the count that holds where the part begins
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const double from = end * static_cast<double>(bin) / static_cast<double>(bins);
    const double to = end * static_cast<double>(bin + 1) / static_cast<double>(bins);
    while (at + 1 < contacts.size() && contacts[at + 1].time <= from) ++at;
    double area = 0;
    for (std::size_t i = at; i < contacts.size() && contacts[i].time < to; ++i) {
      const double until = i + 1 < contacts.size() ? std::min(to, contacts[i + 1].time) : to;
      area += contacts[i].count * (until - std::max(from, contacts[i].time));
    }
    means.push_back({.time = (from + to) / 2, .count = area / (to - from)});
  }
  return means;
}

}  // namespace delstep
