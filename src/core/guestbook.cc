#include "core/guestbook.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace delstep {

std::span<const Encounter> Guestbook::records() const {
  if (!records_) return {};
  return *records_;
}

std::vector<Encounter>& Guestbook::Own() {
  if (!records_)
    records_ = std::make_shared<std::vector<Encounter>>();
  else if (records_.use_count() > 1)
    records_ = std::make_shared<std::vector<Encounter>>(*records_);
  return *records_;
}

void Guestbook::Write(Encounter encounter) {
  assert(encounter.expiry >= 1);
  std::vector<Encounter>& records = Own();
  const auto place = std::ranges::lower_bound(records, encounter.peer, {}, &Encounter::peer);
  if (place != records.end() && place->peer == encounter.peer)
    *place = std::move(encounter);
  else
    records.insert(place, std::move(encounter));
}

void Guestbook::Tick() {
  if (empty()) return;
  std::vector<Encounter>& records = Own();
  for (Encounter& record : records) --record.expiry;
  std::erase_if(records, [](const Encounter& record) { return record.expiry == 0; });
}

}  // namespace delstep
