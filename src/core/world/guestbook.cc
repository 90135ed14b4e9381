#include "core/world/guestbook.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace delstep {

void Guestbook::Write(std::vector<Encounter> encounters) {
  if (encounters.empty()) return;
  // Stable: of two messages of one peer the later one stays the later one.
  if (!std::ranges::is_sorted(encounters, {}, &Encounter::peer))
    std::ranges::stable_sort(encounters, {}, &Encounter::peer);
  // Both lists are ascending by peer: one pass merges them, and what was written replaces what was
  // there.
  std::vector<Encounter>& old = records_.Write();
  std::vector<Encounter> merged;
  merged.reserve(old.size() + encounters.size());
  auto record = old.begin();
  for (Encounter& encounter : encounters) {
    assert(encounter.expiry >= 1);
    while (record != old.end() && record->peer < encounter.peer)
      merged.push_back(std::move(*record++));
    if (record != old.end() && record->peer == encounter.peer) ++record;
    // A peer that has sent twice since the last aggregation: the later message counts.
    if (!merged.empty() && merged.back().peer == encounter.peer)
      merged.back() = std::move(encounter);
    else
      merged.push_back(std::move(encounter));
  }
  std::move(record, old.end(), std::back_inserter(merged));
  old = std::move(merged);
}

void Guestbook::Tick() {
  if (empty()) return;
  std::vector<Encounter>& records = records_.Write();
  for (Encounter& record : records) --record.expiry;
  std::erase_if(records, [](const Encounter& record) { return record.expiry == 0; });
}

}  // namespace delstep
